"""What the API does with tokens."""

from datetime import timedelta
from typing import Final

from phoenix.control.identity.errors import LifetimeError, TokenNotFoundError
from phoenix.control.identity.model import Issued
from phoenix.control.identity.schemas import (
    EnrolmentTokenCreate,
    TokenCreate,
    TokenCreated,
    TokenList,
    TokenListRequest,
    TokenRevoke,
    TokenSchema,
    WhoAmI,
    WhoAmIRequest,
)
from phoenix.control.identity.service import Identity
from phoenix.edge.operation import Call, Operation


def operations(identity: Identity) -> tuple[Operation, ...]:
    """Return the operations on tokens, and the one that says who the caller is."""
    return (_create(identity), _list(identity), _revoke(identity), _create_enrolment(identity), _WHO_AM_I)


def _create(identity: Identity) -> Operation:
    async def create(call: Call, request: TokenCreate) -> TokenCreated:
        issued = await identity.create_token(
            call.session,
            name=request.name,
            role=request.role,
            lifetime=_lifetime(request.lifetime_seconds),
            actor=call.principal.id,
            now=call.now,
        )
        return _created(issued)

    return Operation(
        name="tokens.create",
        summary="Make a token for a person or a program.",
        method="POST",
        path="/tokens",
        scope="tokens:write",
        request=TokenCreate,
        response=TokenCreated,
        call=create,
        errors=(LifetimeError,),
        status=201,
    )


def _create_enrolment(identity: Identity) -> Operation:
    async def create(call: Call, request: EnrolmentTokenCreate) -> TokenCreated:
        issued = await identity.create_enrolment_token(
            call.session,
            name=request.name,
            uses=request.uses,
            lifetime=_lifetime(request.lifetime_seconds),
            actor=call.principal.id,
            now=call.now,
        )
        return _created(issued)

    return Operation(
        name="enrolment-tokens.create",
        summary="Make a token that enrols hosts.",
        method="POST",
        path="/enrolment-tokens",
        scope="tokens:write",
        request=EnrolmentTokenCreate,
        response=TokenCreated,
        call=create,
        errors=(LifetimeError,),
        status=201,
    )


def _list(identity: Identity) -> Operation:
    async def list_(call: Call, _request: TokenListRequest) -> TokenList:
        return TokenList(items=tuple(map(TokenSchema.of, await identity.tokens(call.session))))

    return Operation(
        name="tokens.list",
        summary="List the tokens of people and of enrolment.",
        method="GET",
        path="/tokens",
        scope="tokens:read",
        request=TokenListRequest,
        response=TokenList,
        call=list_,
    )


def _revoke(identity: Identity) -> Operation:
    async def revoke(call: Call, request: TokenRevoke) -> TokenSchema:
        actor, reason = call.principal.id, request.reason
        revoked = await identity.revoke_token(call.session, request.token_id, actor=actor, reason=reason, now=call.now)
        return TokenSchema.of(revoked)

    return Operation(
        name="tokens.revoke",
        summary="Revoke a token, at once.",
        method="DELETE",
        path="/tokens/{token_id}",
        scope="tokens:write",
        request=TokenRevoke,
        response=TokenSchema,
        call=revoke,
        errors=(TokenNotFoundError,),
    )


async def _who_am_i(call: Call, _request: WhoAmIRequest) -> WhoAmI:
    return WhoAmI.of(call.principal)


_WHO_AM_I: Final = Operation(
    name="auth.whoami",
    summary="Say who the caller is and what they may do.",
    method="GET",
    path="/auth/whoami",
    scope="",
    request=WhoAmIRequest,
    response=WhoAmI,
    call=_who_am_i,
)


def _created(issued: Issued) -> TokenCreated:
    return TokenCreated(**TokenSchema.of(issued.token).model_dump(), token=issued.text)


def _lifetime(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
