"""What `kubectl kustomize` makes of a folder, as far as k8s/ needs it: resources, namespace,
configMapGenerator, strategic merge patches and images. Whatever else a kustomization holds is an
error, so nothing is passed over in silence.

The hash at the end of a generated name is not kustomize's, but as long.
"""

import copy
import hashlib
import json
import pathlib

import yaml

FIELDS = {
    "apiVersion", "kind", "namespace", "resources", "configMapGenerator", "patches", "images",
}
CLUSTER_WIDE = {"Namespace"}
# By which member the items of a list are told apart, where a patch is merged into one.
MERGE_KEYS = {
    "containers": "name", "env": "name", "topologySpreadConstraints": "topologyKey",
    "volumes": "name",
}


def documents(path):
    """The objects of a file."""
    return [one for one in yaml.safe_load_all(pathlib.Path(path).read_text()) if one]


def render(folder):
    """The objects of the kustomization in a folder."""
    folder = pathlib.Path(folder)
    (kustomization,) = documents(folder / "kustomization.yaml")
    unknown = set(kustomization) - FIELDS
    assert not unknown, f"{folder}: {unknown} is not known here"
    objects = []
    for name in kustomization["resources"]:
        place = folder / name
        objects += render(place) if place.is_dir() else copy.deepcopy(documents(place))
    renamed = {}
    for generator in kustomization.get("configMapGenerator", []):
        made = config_map(generator)
        renamed[generator["name"]] = made["metadata"]["name"]
        objects.append(made)
    for patch in kustomization.get("patches", []):
        for change in documents(folder / patch["path"]):
            target = find(objects, change)
            objects[objects.index(target)] = merged(target, change)
    for one in objects:
        if "namespace" in kustomization and one["kind"] not in CLUSTER_WIDE:
            one["metadata"]["namespace"] = kustomization["namespace"]
        for container in containers(one):
            for image in kustomization.get("images", []):
                change_image(container, image)
            for source in container.get("envFrom", []):
                reference = source.get("configMapRef", {})
                reference["name"] = renamed.get(reference.get("name"), reference.get("name"))
    return objects


def config_map(generator):
    """The ConfigMap of a generator that has nothing but literals."""
    assert set(generator) == {"name", "literals"}, generator
    data = dict(literal.split("=", 1) for literal in generator["literals"])
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:10]
    return {
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": f"{generator['name']}-{digest}"}, "data": data,
    }


def find(objects, change):
    """The object that a patch is for."""
    (found,) = [
        one for one in objects
        if (one["kind"], one["metadata"]["name"], one["metadata"].get("namespace"))
        == (change["kind"], change["metadata"]["name"], change["metadata"].get("namespace"))
    ]
    return found


def merged(value, change, key=None):
    """A value after a strategic merge patch; null removes a member."""
    if isinstance(value, dict) and isinstance(change, dict):
        result = dict(value)
        for name, part in change.items():
            if part is None:
                result.pop(name, None)
            else:
                result[name] = merged(result.get(name), part, name)
        return result
    if isinstance(value, list) and key in MERGE_KEYS:
        by = MERGE_KEYS[key]
        result = [
            next((merged(old, new) for new in change if new[by] == old[by]), old) for old in value
        ]
        return result + [new for new in change if all(new[by] != old[by] for old in value)]
    return change


def pod_template(one):
    """The template of the pods that an object makes; None if it makes none."""
    return one.get("spec", {}).get("template") if one["kind"] in ("Deployment", "Job") else None


def containers(one):
    """The containers of the pods that an object makes."""
    template = pod_template(one)
    return template["spec"]["containers"] if template else []


def change_image(container, image):
    """Puts another name, tag or digest into a container's image."""
    name = container["image"].split("@")[0].rsplit(":", 1)[0]
    if name != image["name"]:
        return
    name = image.get("newName", name)
    container["image"] = (
        f"{name}@{image['digest']}" if "digest" in image else f"{name}:{image['newTag']}"
    )
