"""Which addresses may be shown."""

import pytest

from pai_dsw_mcp.cloud.wire import safe_url


@pytest.mark.parametrize(
    "url",
    [
        "https://dsw-cn-shanghai.data.aliyun.com/notebook.htm?instance=39772#/",
        "https://dsw-gateway-cn-shanghai.aliyun.com/dsw-39772/lab/",
        "https://common-buy.aliyun.com/?commodityCode=pai_share&regionId=cn-hangzhou",
        "https://x.aliyuncs.com/?instance=",
    ],
)
def test_documented_addresses_are_kept(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "http://dsw-gateway-cn-shanghai.aliyun.com/dsw-39772/lab/",
        "https://evil.example/",
        "https://aliyun.com.evil.example/",
        "https://evilaliyun.com/",
        "https://u:p@dsw.aliyun.com/",
        "https://dsw.aliyun.com:8443/",
        "https://dsw.aliyun.com:port/",
        "https://[::1/",
        "https://dsw.aliyun.com/?token=x",
        "https://dsw.aliyun.com/?instance=1&Authorization=x",
        "https://dsw.aliyun.com/?instance=" + "x" * 65,
        "https://dsw.aliyun.com/?instance=a%20b",
        "https://dsw.aliyun.com/#token",
        "https://dsw.aliyun.com/ x",
        "https://dsw.aliyun.com/\u202e",
        "https://dsw.aliyun.com/\n",
        "javascript:alert(1)",
        "https://dsw.aliyun.com/" + "x" * 600,
    ],
)
def test_anything_that_could_open_or_mislead_is_left_out(url: str | None) -> None:
    assert safe_url(url) is None
