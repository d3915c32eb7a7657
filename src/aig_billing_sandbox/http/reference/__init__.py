"""The HTTP reference as a page: the resolved document for people, with a form beside each operation that calls the sandbox.

It is ours because no maintained package makes a page of an OpenAPI 3.1 document that needs no other server: those that exist load
their script from one, or bring megabytes of it. What belongs here: writing the document as one HTML file that fetches nothing but the
API it documents. What may not enter: any knowledge of a single operation.

`python -m aig_billing_sandbox.http.reference FILE` writes the page without the forms, for a documentation site.
"""
