"""What Chatwoot's agent-bot webhook sends, as far as it matters here (chatwoot.com/docs, 'Webhook events')."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.text import whole_characters

ID_MAX = 2**31 - 1
Id = Annotated[int, Field(ge=0, le=ID_MAX)]


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore")


class AccountIn(_In):
    """An account of theirs."""

    id: Id


class SenderIn(_In):
    """Who wrote; a 'contact' is a player."""

    id: Id = 0
    type: str = ""


class MetaIn(_In):
    """Beside a conversation."""

    sender: SenderIn | None = None


class ConversationIn(_In):
    """A conversation of theirs; its id is the one they show, and the one their API wants."""

    id: Id
    status: str = ""
    meta: MetaIn | None = None


class MessageCreatedIn(_In):
    """Somebody has written."""

    event: Literal["message_created"]
    id: Annotated[int, Field(ge=0, le=2**63 - 1)]
    content: Annotated[str | None, BeforeValidator(whole_characters)] = None
    message_type: str | int
    private: bool = False
    sender: SenderIn | None = None
    conversation: ConversationIn
    account: AccountIn

    @property
    def is_players(self) -> bool:
        """Whether a player wrote it, and not the bot itself or a colleague over there."""
        return self.message_type in {"incoming", 0} and not self.private

    @property
    def contact(self) -> int:
        """The player over there; 0 where nobody says."""
        sender = self.sender or (self.conversation.meta.sender if self.conversation.meta else None)
        return sender.id if sender else 0


class StatusChangedIn(_In):
    """People have taken it, or have finished it."""

    event: Literal["conversation_opened", "conversation_resolved", "conversation_status_changed"]
    id: Id
    status: str = ""
    account: AccountIn | None = None
    account_id: Id | None = None
