"""What the API says no with: a status, the API's code, and a sentence."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of the sandbox
    """Ends an operation with an error answer; nothing that it did stays in the books."""

    def __init__(self, status: int, code: int, *messages: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(*messages)
        self.status = status
        self.code = code
        self.messages = messages
        self.headers = headers


# Codes: 7000, 7003, 10000 and 1000 are the API's own; where it has none that is known, the sandbox's are in the 19xx.
NO_ROUTE = 7000
BAD_IDENTIFIER = 7003
INVALID_REQUEST = 7001
AUTHENTICATION = 10000
RATE_LIMITED = 971
OUT_OF_CREDIT = 2021
BILLING = 1000
DEPRECATED = 1910
CARD_DECLINED = 1920
NO_PAYMENT_METHOD = 1921
NO_SUCH_INVOICE = 1930
METHOD_NOT_ALLOWED = 1940
UNSUPPORTED_MEDIA_TYPE = 1941
TOO_LARGE = 1942
INTERNAL = 1950
