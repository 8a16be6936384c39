"""What compose.yaml promises, read from it: there is no engine here to run it with."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.settings import Settings

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROXY = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_runs_without_privileges_on_a_root_it_cannot_write(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True and service["tmpfs"][0] == "/tmp"  # noqa: S108
    assert service["cap_drop"] == ["ALL"] and "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"] and "privileged" not in service
    assert re.search(r":v?\d+\.\d+\.\d+(-\w+)?$", service["image"])
    assert "healthcheck" in service or "build" in service.get("profiles", [])


def test_only_the_proxy_can_be_reached_and_from_this_machine_only() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"proxy": ["127.0.0.1:8000:8080"]}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert [name for name, one in SERVICES.items() if "edge" in one["networks"]] == ["proxy"]


def test_two_replicas_stand_behind_the_proxy() -> None:
    replicas = [name for name, one in SERVICES.items() if one.get("command", [""])[0] == "serve"]
    assert (
        re.findall(r"server (\S+):8000 resolve", PROXY) == replicas == ["dateline-1", "dateline-2"]
    )
    assert set(SERVICES["proxy"]["depends_on"]) == set(replicas)
    for name in replicas:
        assert SERVICES[name]["depends_on"] == {"milvus": {"condition": "service_healthy"}}
        assert "/health/ready" in SERVICES[name]["healthcheck"]["test"][-1]
        trusted = SERVICES[name]["environment"]["DATELINE_TRUSTED_PROXIES"]
        assert trusted == SERVICES["proxy"]["networks"]["inside"]["ipv4_address"]


def test_what_is_mounted_and_built_is_there() -> None:
    stages = set(re.findall(r" AS (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8")))
    for service in SERVICES.values():
        assert service.get("build", {"target": "serve"})["target"] in stages
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            # The articles are whoever's who runs it.
            assert (
                source in COMPOSE["volumes"] or source == "./articles" or (ROOT / source).is_file()
            )


def test_settings_are_those_that_there_are() -> None:
    known = {f"DATELINE_{name.upper()}" for name in Settings.model_fields}
    for name in ("dateline-1", "build"):
        assert set(SERVICES[name]["environment"]) <= known


def test_the_password_of_milvus_is_in_no_file() -> None:
    asked = "${DATELINE_MILVUS_PASSWORD:?put a password for Milvus into .env}"
    assert SERVICES["milvus"]["environment"]["COMMON_SECURITY_DEFAULTROOTPASSWORD"] == asked
    assert SERVICES["build"]["environment"]["DATELINE_MILVUS_TOKEN"] == f"root:{asked}"
