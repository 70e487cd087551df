"""Where a request comes from, as far as the bank's own proxies vouch for it."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.http import HttpRequest

WHO_CANNOT_BE_TOLD = "unknown"


def address_of(request: HttpRequest, *, proxies: int) -> str:
    """The client's address: what the outermost of `proxies` trusted proxies saw, or the peer's when there is none.

    What stands further left in X-Forwarded-For is the client's own invention. Of an IPv6 address the first 64 bits,
    which belong to one subscriber.
    """
    told = str(request.META.get("REMOTE_ADDR", ""))
    if proxies:
        seen = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
        told = seen[-proxies] if len(seen) >= proxies else told
    try:
        address = ip_address(told)
    except ValueError:
        return WHO_CANNOT_BE_TOLD
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((address, 64), strict=False))
    return str(address)
