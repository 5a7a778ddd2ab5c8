"""How pods of Kubernetes are found, with the labels that Kubernetes gives and the service in the
place of one of them: Debian's Prometheus does not talk to Kubernetes.
"""

from checks import check
from prometheus import TARGET, Prometheus, configuration, eventually

HOST, PORT = TARGET.split(":")
ANNOTATION = "__meta_kubernetes_pod_annotation_prometheus_io_"


def pod(name, container_port, phase="Running", ip=HOST, **annotations):
    """A port of a pod, as Kubernetes describes it."""
    labels = {
        "__meta_kubernetes_namespace": "user-management", "__meta_kubernetes_pod_name": name,
        "__meta_kubernetes_pod_node_name": "node-1", "__meta_kubernetes_pod_ip": ip,
        "__meta_kubernetes_pod_phase": phase}
    labels.update({ANNOTATION + key: value for key, value in annotations.items()})
    host = f"[{ip}]" if ":" in ip else ip
    return {"targets": [f"{host}:{container_port}"], "labels": labels}


PODS = [
    # Two ports, one target.
    pod("annotated", PORT, scrape="true", port=PORT, path="/metrics"),
    pod("annotated", 9, scrape="true", port=PORT, path="/metrics"),
    pod("with-a-port", PORT, scrape="true"),
    pod("of-version-6", 8000, ip="::1", scrape="true", port="9090"),
    pod("elsewhere", 8000, scrape="true", port="8001", path="/other"),
    pod("not-asked-for", PORT),
    pod("refused", PORT, scrape="false"),
    pod("migration", PORT, phase="Succeeded", scrape="true"),
]


def main():
    """Has Prometheus find them."""
    content = configuration("prometheus-kubernetes.yml", "kubernetes_sd_configs", PODS)
    with Prometheus("pods", content) as prometheus:
        targets = eventually("targets", lambda: prometheus.ask("targets")["activeTargets"])
        check("who is scraped, and where", {
            "annotated": f"http://{HOST}:{PORT}/metrics",
            "with-a-port": f"http://{HOST}:{PORT}/metrics",
            "of-version-6": "http://[::1]:9090/metrics",
            "elsewhere": f"http://{HOST}:8001/other",
        }, {target["labels"]["instance"]: target["scrapeUrl"] for target in targets})
        check("as many targets as pods", 4, len(targets))
        up = eventually("the service answers", lambda: prometheus.query(
            'up{instance="annotated"} == 1'))
        check("its labels", {
            "__name__": "up", "job": "user-management", "instance": "annotated",
            "namespace": "user-management", "node": "node-1"}, up[0][0])


main()
