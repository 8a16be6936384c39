import os
import sys
import threading

import pytest

from service.priority import giving_way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority there")


def test_only_the_thread_that_gives_way_has_a_lower_priority() -> None:
    seen = {}

    def work() -> None:
        with giving_way():
            seen["own"] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
            other = threading.Thread(target=look)
            other.start()
            other.join()

    def look() -> None:
        seen["started by it"] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == {"own": 19, "started by it": 19}
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
