"""`python -m aig_billing_sandbox.http.reference`: prints the page without forms, for a documentation site."""

import sys

from aig_billing_sandbox.http.document import resolved_document
from aig_billing_sandbox.http.pages import render_page

if __name__ == "__main__":
    sys.stdout.buffer.write(render_page(resolved_document(), back="http.html"))
