"""The context that each handler gets, and the Application that passes it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from markupsafe import Markup
from telegram.ext import Application, CallbackContext, ContextTypes, Defaults, ExtBot

from chat.app_context import AppContext, ReceivedUpdate, receipt
from chat.conversation_states import ConversationStates
from chat.screen import Screen
from chat.sending import NO_PREVIEW, PARSE_MODE
from chat.watched_request import WatchedRequest
from services.meters import Meters

SHARED = dict[str, Any]

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
"""How long a call may wait for Telegram: somebody who tapped waits, too."""
UPLOAD_SECONDS = 60.0
CONNECTIONS = 1000
"""Most calls at once, so many that chats that hang keep no other chat from being answered."""
POLL_SECONDS = 25
"""How long Telegram may hold a request for updates open."""


class Context(CallbackContext[ExtBot[None], SHARED, SHARED, SHARED]):
    """PTB's context, with the app context, the dialogues' states and the update's receipt."""

    def __init__(
        self, application: "App", chat_id: int | None = None, user_id: int | None = None
    ) -> None:
        super().__init__(application, chat_id, user_id)
        self._receipt = receipt.get(None)  # a unit of work runs in a thread, without the variable

    @property
    def app(self) -> AppContext:
        return cast(AppContext, self.bot_data["app"])

    @property
    def dialogues(self) -> ConversationStates:
        return cast(ConversationStates, self.bot_data["dialogues"])

    @property
    def received(self) -> ReceivedUpdate | None:
        """The update that is being handled; None where a test calls a handler directly."""
        return self._receipt

    def choose(self, appointment_id: int) -> None:
        """Note the session that a command takes by itself: a refusal of it names the session."""
        if self._receipt is not None:
            self._receipt.chosen = appointment_id

    def give_back(self, words: Markup) -> None:
        """Note what was chosen and written so far: a refusal of it shows it."""
        if self._receipt is not None:
            self._receipt.given_back = words

    def say_above(self, screen: Screen) -> None:
        """Note what is said above the next message that is sent in answer."""
        if self._receipt is not None:
            self._receipt.above = screen

    @property
    def received_at(self) -> datetime:
        """When the update reached us (UTC): time windows are judged at this instant (SPEC 2)."""
        if self._receipt is None:
            raise LookupError("no update is being handled")
        return self._receipt.received_at


App = Application[ExtBot[None], Context, SHARED, SHARED, SHARED, None]


def build_application(
    app: AppContext,
    states: ConversationStates,
    token: str,
    *,
    api_url: str = "https://api.telegram.org",
    may_call: Callable[[], bool] = lambda: True,
) -> App:
    """Build an Application without updater, persistence or job queue for `jobs.update_worker`.

    `api_url` is the root of the Bot API (SPEC 11, `TELEGRAM_API_URL`). Texts are HTML. A call while
    `may_call` answers no fails as if Telegram were out of reach.
    """
    root = api_url.rstrip("/")
    application = (
        Application.builder()
        .token(token)
        .base_url(f"{root}/bot")
        .base_file_url(f"{root}/file/bot")
        .request(_request(app.meters, may_call, CONNECTIONS, ANSWER_SECONDS))
        .get_updates_request(_request(app.meters, may_call, 1, POLL_SECONDS + ANSWER_SECONDS))
        .defaults(Defaults(parse_mode=PARSE_MODE, link_preview_options=NO_PREVIEW))
        .context_types(ContextTypes(context=Context))
        .updater(None)
        .job_queue(None)
        .build()
    )
    application.bot_data.update(app=app, dialogues=states)
    return application


def _request(
    meters: Meters, may_call: Callable[[], bool], connections: int, read_seconds: float
) -> WatchedRequest:
    return WatchedRequest(
        meters,
        may_call=may_call,
        connection_pool_size=connections,
        read_timeout=read_seconds,
        write_timeout=ANSWER_SECONDS,
        connect_timeout=CONNECT_SECONDS,
        pool_timeout=CONNECT_SECONDS,
        media_timeout=UPLOAD_SECONDS,
    )
