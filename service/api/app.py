"""The web application, put together from what it is given."""

from litestar import Litestar, Router, asgi
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from index.engines.archive import BrowsableArchive
from service.answering.answerer import Answerer
from service.api.bodies.parsing import JsonRequest
from service.api.context import Context
from service.api.guards.access import access_check
from service.api.guards.rate import RateLimiter
from service.api.guards.security import add_headers, host_check
from service.api.mcp.endpoint import McpEndpoint
from service.api.observing import CallObserver, show_metrics
from service.api.openai.completions import complete, model, models
from service.api.openapi.contract import ContractJson
from service.api.openapi.page import DocsPage
from service.api.problem_pages import told_as_wanted
from service.api.routes.articles import read_article, show_article
from service.api.routes.ask import ask
from service.api.routes.browse import list_articles, show_articles
from service.api.routes.feedback import give_feedback
from service.api.routes.head import HeadLitestar
from service.api.routes.health import archive_facts, live, ready
from service.api.routes.holds import hold_articles, list_holds, release_articles
from service.api.routes.pages import show_chat, static_file
from service.api.routes.search import search
from service.api.routes.suggesting import archive_questions, suggest_follow_ups
from service.api.routes.watches import (
    add_watch,
    feed_of_all,
    feed_of_one,
    list_entries,
    list_watches,
    remove_watch,
)
from service.api.routes.writes import add_articles, read_job, remove_article
from service.feedback import FeedbackFile
from service.keys import KeyFile
from service.settings import Settings
from service.tracing import NoTracing, Tracing
from service.watching.background import Watcher
from service.writing import Writer

__all__ = ["create_app"]


def create_app(
    *,
    answerer: Answerer,
    archive: BrowsableArchive,
    settings: Settings | None = None,
    writer: Writer | None = None,
    tracing: Tracing | None = None,
    watcher: Watcher | None = None,
) -> Litestar:
    """Return the application that serves `answerer` and `archive`.

    Args:
        answerer: Answers the questions; used from several threads.
        archive: Where search, article pages and probes look things up.
        settings: The limits of the server; those of the environment when not given.
        writer: Changes the archive; without one it stays as it is.
        tracing: Notes calls and stages for a collector of traces; without it nothing does.
        watcher: Asks watched questions again; without it nothing does.
    """
    settings = settings or Settings()
    feedback = FeedbackFile(settings.index_dir, settings.max_feedback)
    tracing = tracing or NoTracing()
    context = Context(answerer, archive, settings, feedback, writer, tracing)
    # A file of articles is larger than any question.
    uploads = Router(
        "/", route_handlers=[add_articles], request_max_body_size=settings.max_upload_bytes
    )
    mcp = McpEndpoint(context)
    observer = CallObserver(context.metrics, tracing)

    def provide_context() -> Context:
        return context

    return HeadLitestar(
        route_handlers=[
            ask,
            search,
            complete,
            models,
            model,
            give_feedback,
            uploads,
            asgi("/mcp", copy_scope=True)(mcp.handle),
            list_articles,
            show_articles,
            read_article,
            remove_article,
            read_job,
            add_watch,
            list_watches,
            remove_watch,
            list_entries,
            feed_of_all,
            feed_of_one,
            list_holds,
            hold_articles,
            release_articles,
            archive_facts,
            archive_questions,
            suggest_follow_ups,
            show_chat,
            show_article,
            static_file,
            show_metrics,
            live,
            ready,
        ],  # fmt: skip
        dependencies={"api": Provide(provide_context, sync_to_thread=False)},
        exception_handlers={Exception: told_as_wanted},
        guards=[
            observer.begin,
            host_check(settings.allowed_hosts),
            access_check(
                KeyFile(settings.index_dir),
                RateLimiter(settings.rate_limit_per_minute),
                open_reading=settings.reading_is_open,
            ),
        ],
        cors_config=_cors(settings.cors_origins),
        before_send=[add_headers, observer.watch],
        lifespan=[mcp.lifespan],
        on_startup=[watcher.start] if watcher else [],
        on_shutdown=[watcher.close, context.close] if watcher else [context.close],
        request_class=JsonRequest,
        request_max_body_size=settings.max_body_bytes,
        openapi_config=_openapi(),
        # Logging belongs to whoever runs the application.
        logging_config=None,
    )


def _cors(origins: tuple[str, ...]) -> CORSConfig | None:
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "POST", "DELETE"],
        # The libraries that pages use have headers of their own.
        allow_headers=["*"],
        expose_headers=["Location", "Retry-After"],
    )


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Dateline",
        version="1",
        description="Ask a news archive; get the answer in its own words, with its source.",
        path="/schema",
        use_handler_docstrings=True,
        components=Components(
            security_schemes={
                "key": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    description="A key made by `dateline keys add`. Reading may be open without.",
                )
            }
        ),
        security=[{}, {"key": []}],
        render_plugins=[DocsPage(), ContractJson()],
    )
