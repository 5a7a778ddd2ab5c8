"""Holds the manifests of k8s/ against Kubernetes' schemas, against each other, and against what is
promised of them. The overlays are checked as they are applied.
"""

import itertools
import pathlib
import subprocess

import kubernetes_validate
import yaml

import kustomize
from checks import attempt, check
from variables import DEFAULTS, seconds

NAMESPACE = "user-management"
OVERLAYS = ("small", "production")
# The oldest and the newest version of Kubernetes that the manifests are for.
VERSIONS = ("1.25.0", kubernetes_validate.latest_version())
# Kinds of operators, which no schema of Kubernetes knows.
OPERATORS = {"ServiceMonitor", "PrometheusRule", "SecretStore", "ExternalSecret"}
EXAMPLES = sorted(pathlib.Path("k8s/examples").glob("*.yaml"))


def is_valid(one, version):
    """Whether an object has the members that its kind has, and no others."""
    try:
        kubernetes_validate.validate(one, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return f"{error.message} at {'/'.join(map(str, error.path))}"
    return True


def selects(selector, labels):
    return all(labels.get(name) == value for name, value in selector.items())


class Manifests:
    """The objects that are applied together."""

    def __init__(self, name, objects):
        self.name, self.objects = name, objects

    def check(self, name, expected, seen):
        check(f"{self.name}: {name}", expected, seen)

    def all(self, kind):
        return [one for one in self.objects if one["kind"] == kind]

    def one(self, kind):
        (found,) = self.all(kind)
        return found

    @property
    def pods(self):
        """The templates of pods, by the kind of what makes them."""
        return {
            one["kind"]: kustomize.pod_template(one)
            for one in self.objects if kustomize.pod_template(one)
        }

    def schemas(self):
        for one, version in itertools.product(self.objects, VERSIONS):
            if one["kind"] not in OPERATORS:
                name = f"{one['kind']} {one['metadata']['name']} in Kubernetes {version}"
                self.check(name, True, is_valid(one, version))

    def names(self):
        self.check("namespace", NAMESPACE, self.one("Namespace")["metadata"]["name"])
        self.check("in the namespace", {NAMESPACE}, {
            one["metadata"].get("namespace") for one in self.objects if one["kind"] != "Namespace"})
        self.check("Deployment", "user-management-app", self.one("Deployment")["metadata"]["name"])
        service = self.one("Service")
        self.check("Service", "user-management-service", service["metadata"]["name"])
        self.check("Service, port", [80], [port["port"] for port in service["spec"]["ports"]])

    def application(self, replicas):
        spec = self.one("Deployment")["spec"]
        (container,) = spec["template"]["spec"]["containers"]
        self.check("replicas", replicas, spec.get("replicas"))
        self.check("rolling update", {"maxSurge": 1, "maxUnavailable": 0}, (
            spec["strategy"]["rollingUpdate"]))
        self.check("ports", [("http", 8000), ("metrics", 9090)], [
            (port["name"], port["containerPort"]) for port in container["ports"]])
        self.check("resources", {
            "requests": {"cpu": "250m", "memory": "256Mi"},
            "limits": {"cpu": "500m", "memory": "512Mi"},
        }, container["resources"])
        self.check("probes", ["/health/live", "/health/live", "/health/ready"], [
            container[probe]["httpGet"]["path"]
            for probe in ("startupProbe", "livenessProbe", "readinessProbe")])
        self.check("the address of the database", {"name": "db-secret", "key": "url"}, next(
            one["valueFrom"]["secretKeyRef"] for one in container["env"]
            if one["name"] == "DATABASE_URL"))
        self.check("spread", {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}, {
            one["topologyKey"] for one in spec["template"]["spec"]["topologySpreadConstraints"]})

    def restricted(self):
        for kind, template in self.pods.items():
            pod = template["spec"]
            self.check(f"{kind}: no token, no links", (False, False), (
                pod["automountServiceAccountToken"], pod["enableServiceLinks"]))
            self.check(f"{kind}: who it runs as", (True, 10001, "RuntimeDefault"), (
                pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"],
                pod["securityContext"]["seccompProfile"]["type"]))
            for container in pod["containers"]:
                self.check(f"{kind}: {container['name']} is confined", {
                    "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                }, container["securityContext"])

    def selectors(self):
        app = self.pods["Deployment"]["metadata"]["labels"]
        migration = self.pods["Job"]["metadata"]["labels"]
        chosen = {"Service": self.one("Service")["spec"]["selector"]}
        for kind in ("Deployment", "PodDisruptionBudget"):
            chosen[kind] = self.one(kind)["spec"]["selector"]["matchLabels"]
        chosen["NetworkPolicy"] = self.one("NetworkPolicy")["spec"]["podSelector"]["matchLabels"]
        for spread in self.pods["Deployment"]["spec"]["topologySpreadConstraints"]:
            chosen[spread["topologyKey"]] = spread["labelSelector"]["matchLabels"]
        for name, selector in chosen.items():
            self.check(f"{name} selects the pods", True, selects(selector, app))
            self.check(
                f"{name} and the migration", name == "NetworkPolicy", selects(selector, migration))

    def network(self):
        policy = self.one("NetworkPolicy")["spec"]
        self.check("both ways", {"Ingress", "Egress"}, set(policy["policyTypes"]))
        self.check("in", [("ingress-nginx", {"http"}), ("monitoring", {"metrics"})], [
            (namespace(rule["from"]), ports([rule])) for rule in policy["ingress"]])
        self.check("out", {53, 5432, 6432, 6379, 4318}, ports(policy["egress"]))

    def metrics(self):
        """They are on a port that Prometheus finds and no Service has."""
        template = self.pods["Deployment"]
        (container,) = template["spec"]["containers"]
        numbers = {port["name"]: port["containerPort"] for port in container["ports"]}
        metrics = str(numbers["metrics"])
        self.check("METRICS_PORT", metrics, self.one("ConfigMap")["data"]["METRICS_PORT"])
        self.check("the annotation for Prometheus", metrics, (
            template["metadata"]["annotations"]["prometheus.io/port"]))
        self.check("what Services lead to", {"http"}, {
            port["targetPort"] for one in self.all("Service") for port in one["spec"]["ports"]})

    def variables(self):
        (container,) = self.pods["Deployment"]["spec"]["containers"]
        (source,) = container["envFrom"]
        config = self.one("ConfigMap")
        self.check(
            "ConfigMap", config["metadata"]["name"], source["configMapRef"]["name"])
        names = {one["name"] for one in container["env"]} | set(config["data"])
        self.check("variables that nobody reads", set(), names - set(DEFAULTS))
        drain = sum(
            seconds(config["data"].get(name, DEFAULTS[name]))
            for name in ("SHUTDOWN_DELAY", "SHUTDOWN_GRACE"))
        grace = self.pods["Deployment"]["spec"]["terminationGracePeriodSeconds"]
        self.check("time to drain", True, drain < grace)

    def migration(self):
        (container,) = self.pods["Job"]["spec"]["containers"]
        self.check("migration", ["migrate", "upgrade", "head"], container["args"])
        self.check("one image", 1, len({
            container["image"] for one in self.objects for container in kustomize.containers(one)}))

    def production(self):
        service = self.one("Service")
        (rule,) = self.one("Ingress")["spec"]["rules"]
        (path,) = rule["http"]["paths"]
        (port,) = service["spec"]["ports"]
        self.check("Ingress, backend", (service["metadata"]["name"], port["name"]), (
            path["backend"]["service"]["name"], path["backend"]["service"]["port"]["name"]))
        self.check("Ingress, TLS", [[rule["host"]]], [
            tls["hosts"] for tls in self.one("Ingress")["spec"]["tls"]])
        target = self.one("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
        self.check("HorizontalPodAutoscaler", ("Deployment", "user-management-app"), (
            target["kind"], target["name"]))
        monitor = self.one("ServiceMonitor")["spec"]
        self.check("ServiceMonitor selects the Service", True, selects(
            monitor["selector"]["matchLabels"], service["metadata"]["labels"]))
        self.check("ServiceMonitor, port", [{"metrics"}], [
            {endpoint.get(name) for name in ("port", "targetPort")} - {None}
            for endpoint in monitor["endpoints"]])
        self.check("ServiceMonitor, job", "user-management", (
            service["metadata"]["labels"][monitor["jobLabel"]]))


def ports(rules):
    return {port["port"] for rule in rules for port in rule["ports"]}


def namespace(peers):
    """The one namespace that is let in."""
    (peer,) = peers
    return peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]


def overlay(name):
    """Everything that is promised of an overlay."""
    objects = kustomize.render(f"k8s/overlays/{name}")
    manifests = Manifests(name, objects)
    # The autoscaler's number would be undone by one in the Deployment.
    manifests.application({"small": 1, "production": None}[name])
    groups = [
        "schemas", "names", "restricted", "selectors", "network", "metrics", "variables",
        "migration",
    ]
    for group in groups + ["production"] * (name == "production"):
        attempt(f"{name}: {group}", getattr(manifests, group))


def examples():
    """The secrets of the examples are those that are asked for, and none is a real one."""
    wanted = {
        (reference["name"], reference["key"])
        for one in kustomize.render("k8s/base") for container in kustomize.containers(one)
        for variable in container.get("env", [])
        for reference in [variable["valueFrom"]["secretKeyRef"]]
    }
    shown, fetched = set(), set()
    for path in EXAMPLES:
        for one in kustomize.documents(path):
            if one["kind"] not in OPERATORS:
                check(f"{path.name}: {one['kind']}", True, is_valid(one, VERSIONS[1]))
            if one["kind"] == "Secret":
                shown |= {(one["metadata"]["name"], key) for key in one["stringData"]}
                check(f"{path.name}: no secret in it", True, all(
                    "USER:PASSWORD@HOST" in value or value == value.upper()
                    for value in one["stringData"].values()))
            if one["kind"] == "ExternalSecret":
                target = one["spec"]["target"]["name"]
                fetched |= {(target, item["secretKey"]) for item in one["spec"]["data"]}
    # Only who has a pooler has an address past it, and not everybody has a Redis.
    optional = {("db-secret", "direct-url"), ("redis-secret", "url")}
    check("examples: secrets", wanted - optional, shown)
    check("examples: external secrets", wanted - optional, fetched)


def rules():
    """The production overlay has the rules that Prometheus has elsewhere."""
    made = subprocess.run(
        ["scripts/make-prometheus-rule"], capture_output=True, text=True, check=True).stdout
    seen = pathlib.Path("k8s/overlays/production/prometheusrule.yaml").read_text()
    check("prometheusrule.yaml is what scripts/make-prometheus-rule prints", True, made == seen)
    groups = yaml.safe_load(seen)["spec"]["groups"]
    check("rules", True, all(group["name"] and group["rules"] for group in groups))


def samples():
    """What finds nothing in a wrong object proves nothing in a right one."""
    (deployment,) = kustomize.documents("k8s/base/deployment.yaml")
    deployment["spec"]["replicaCount"] = 3
    for version in VERSIONS:
        check(f"a sample that {version} refuses", True, is_valid(deployment, version) is not True)


samples()
base = Manifests("base", kustomize.render("k8s/base"))
attempt("base", lambda: base.application(3))
for name in OVERLAYS:
    attempt(name, lambda: overlay(name))
attempt("examples", examples)
attempt("rules", rules)
