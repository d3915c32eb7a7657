"""Monthly reports from the history, as HTML, Markdown or CSV. They read the history alone: nothing here asks the API."""

from .html import write_html as write_html
from .month import MonthReport as MonthReport
from .month import gather as gather
from .text import write_csv as write_csv
from .text import write_markdown as write_markdown
