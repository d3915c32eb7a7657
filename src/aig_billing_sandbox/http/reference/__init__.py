"""The HTTP reference as a page: the resolved document for people, with a form beside each operation that calls the sandbox.

What belongs here: reading the document into what a page shows, and writing that page as HTML. The page is one file that fetches
nothing but the API it documents. What may not enter: any knowledge of a single operation; everything shown stands in the document.

`python -m aig_billing_sandbox.http.reference FILE` writes the page without the forms, for a documentation site.
"""
