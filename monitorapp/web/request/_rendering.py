"""Which method of a resource renders a request, and what callables are named."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable

from twisted.web import resource
from twisted.web.resource import IResource

from monitorapp.core.text.visible import visible


def place_of_rendering(resrc: IResource, method: bytes) -> tuple[str, str]:
    """Return the name of the method that renders, and the `FILE:LINE` where it is defined.

    Both are empty if the resource cannot be inspected.
    """
    try:
        found = render_method(resrc, method)
        code = getattr(found, "__code__", None)
        where = f"{code.co_filename}:{code.co_firstlineno}" if code is not None else ""
        return function_name(found), visible(where)
    except Exception:  # of the resource's own `__getattr__`, or so
        return "", ""


def render_method(resrc: IResource, method: bytes) -> Callable[..., object]:
    """Return the method of a resource that renders an HTTP method, unwrapped.

    `Resource.render_HEAD` only hands over to `render_GET`, so that one is returned.
    """
    names = [f"render_{method.decode('latin-1')}"]
    if method == b"HEAD":
        names.append("render_GET")
    for name in names:
        found = getattr(resrc, name, None)
        if (
            callable(found)
            and getattr(found, "__func__", None) is not resource.Resource.render_HEAD
        ):
            return _unwrapped(found)
    return _unwrapped(resrc.render)


def function_name(function: object) -> str:
    """Return the qualified name of a callable, such as `DelayedResource.answer`."""
    while isinstance(function, functools.partial):
        function = function.func
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    return visible(str(name))


def _unwrapped(method: Callable[..., object]) -> Callable[..., object]:
    unwrapped: Callable[..., object] = inspect.unwrap(method)
    return unwrapped
