from . import exports as exports
from . import plot as plot
from . import say as say
from . import show as show
from .pages.build import build_report as build_report
from .pages.exporter import export_html as export_html
from .pages.run import run_notebook as run_notebook
