"""What locust's users do: ask, one question after the other, and wait when they are told to."""

import json
import random
from pathlib import Path

import gevent
from locust import FastHttpUser, task

__all__ = ["Asker"]

_QUESTIONS = [
    json.loads(line)["question"]
    for line in Path("corpus/samples/questions.jsonl").read_text(encoding="utf-8").splitlines()
]


class Asker(FastHttpUser):  # type: ignore[misc]
    """Asks without a pause; a refusal is right when it says how long to wait."""

    @task  # type: ignore[untyped-decorator]
    def ask(self) -> None:
        """Ask one question."""
        body = {"question": random.choice(_QUESTIONS)}  # noqa: S311 - questions, not secrets
        with self.client.post("/v1/ask", json=body, catch_response=True) as response:
            wait_s = response.headers.get("Retry-After") if response.headers else None
            if response.status_code == 200:
                response.success()
            elif response.status_code == 503 and wait_s:
                response.request_meta["name"] = "refused"
                response.success()
            else:
                response.failure(f"{response.status_code} {response.error or ''}")
                wait_s = "1"
        # Outside, so that it is not part of the time of the call.
        if wait_s:
            gevent.sleep(float(wait_s))
