"""reply_markup, checked (core.telegram.org/bots/api#inlinekeyboardmarkup, #replykeyboardmarkup)."""

from typing import Any

from local.simulators.telegram.errors import bad_request
from local.simulators.telegram.parameters import Parameters

_ACTIONS = (
    *("url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat"),
    *("switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay"),
)
_DATA_MAX_BYTES = 64
_BUTTONS_MAX = 100


def reply_markup(parameters: Parameters) -> dict[str, Any]:
    """{} or {reply_markup: ...}; raises BotApiError."""
    markup = parameters.document("reply_markup", dict)
    if not markup:
        return {}
    if "inline_keyboard" in markup:
        lines = _lines(markup["inline_keyboard"], "inline keyboard")
        for button in (one for line in lines for one in line):
            _check_inline(button)
        return {"reply_markup": {"inline_keyboard": lines}} if any(lines) else {}
    if "keyboard" in markup:
        lines = _lines(markup["keyboard"], "keyboard")
        for button in (one for line in lines for one in line):
            if not _text(button):
                raise bad_request("can't parse keyboard button: text must be non-empty")
        return {"reply_markup": markup}
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        return {"reply_markup": markup | {"keyboard": []}}
    raise bad_request("object expected as reply markup")


def _lines(value: Any, what: str) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(line, list) for line in value):
        raise bad_request(f'field "{what.replace(" ", "_")}" of the ReplyMarkup must be an Array of Arrays')
    if sum(len(line) for line in value) > _BUTTONS_MAX:
        raise bad_request("reply markup is too long")
    return value


def _check_inline(button: Any) -> None:
    if not isinstance(button, dict) or not _text(button):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if len([name for name in _ACTIONS if name in button]) != 1:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and (not isinstance(data, str) or not 1 <= len(data.encode()) <= _DATA_MAX_BYTES):
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and (not isinstance(url, str) or "://" not in url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _text(button: Any) -> str:
    text = button if isinstance(button, str) else button.get("text") if isinstance(button, dict) else ""
    return text.strip() if isinstance(text, str) else ""
