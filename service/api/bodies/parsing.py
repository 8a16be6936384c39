"""Bodies read as JSON, leniently enough to say which field is wrong."""

import json
from typing import Any

from litestar import Request

from service.api.errors import InvalidFieldError

__all__ = ["JsonRequest"]


class JsonRequest(Request[Any, Any, Any]):
    """A request whose body, when asked for as JSON, is JSON or a clear refusal."""

    async def json(self) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value that the body holds.

        The framework's own parser stops at half a surrogate pair without telling where. This one
        lets it through to the field, which refuses it by name.

        Raises:
            InvalidFieldError: the body is no JSON.
        """
        raw = await self.body()
        if not raw.strip():
            raise InvalidFieldError("body", "is empty: send a JSON object")
        try:
            return json.loads(raw)
        # Half of the ways to be no JSON are no UTF-8, too deep or with endless digits.
        except (ValueError, RecursionError) as error:
            raise InvalidFieldError("body", f"is not JSON: {error}") from error
