"""Texts that would run as code if any page took them for markup, made from their parts."""

from collections.abc import Iterator
from itertools import product

__all__ = ["payloads"]

# What a text would have to break out of.
_BEFORE = (
    "",
    '">',
    "'>",
    "</title>",
    "</script>",
    "</textarea></mark>",
    "--><!---->",
    "\\u003c/p>",
)
# What it would then run; `hit` is counted by the test.
_RUNS = (
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    "<svg><script>hit()</script></svg>",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<details open ontoggle=hit()>",
    "<video><source onerror=hit()></video>",
    "<input autofocus onfocus=hit()>",
    "<body onpageshow=hit()>",
    "<math><mtext></p><style><img src=x onerror=hit()></style></mtext></math>",
    "<a href='javascript:hit()' autofocus onfocus=hit()>x</a>",
    "<object data='data:text/html,<script>parent.hit()</script>'></object>",
    "<style>@keyframes x{}</style><b style='animation-name:x' onanimationstart=hit()>x</b>",
    "<meta http-equiv=refresh content='0;url=javascript:hit()'>",
    "<form><button formaction=javascript:hit() autofocus>x</button></form>",
    "<IMG SRC=x OnErRoR=hit()>",
    "<img/src='x'/onerror=hit()//",
    "<template><script>hit()</script></template><script>hit()</script>",
    "<base href='javascript:/a/+hit()//'>",
    "<noscript><p title='</noscript><img src=x onerror=hit()>'>",
    "$title<script>hit()</script>${text}",
    "&lt;script&gt;hit()&lt;/script&gt;&#60;img src=x onerror=hit()&#62;",
    "javascript:hit()",
    "data:text/html,<script>parent.hit()</script>",
    'https://example.org/" onmouseover="hit()" autofocus onfocus="hit()',
)


def payloads() -> Iterator[str]:
    """Yield 200 different payloads."""
    for before, runs in product(_BEFORE, _RUNS):
        yield before + runs
