"""What the API does with pipelines."""

from phoenix.collector.catalogue.errors import (
    ParameterConflictError,
    ParameterMissingError,
    ParameterRangeError,
    ParameterTypeError,
    ParameterUnknownError,
    TemplateNotFoundError,
)
from phoenix.collector.catalogue.registry import TEMPLATES
from phoenix.collector.config.errors import ConfigSyntaxError
from phoenix.control.pipelines.errors import PipelineNameError, PipelineNotFoundError
from phoenix.control.pipelines.schemas import (
    PipelineCreate,
    PipelineGet,
    PipelineList,
    PipelineListRequest,
    PipelineSchema,
    PipelineVersionSchema,
    TemplateSchema,
)
from phoenix.control.pipelines.service import Pipelines
from phoenix.edge.operation import Call, Operation

_CREATE_ERRORS = (
    PipelineNameError,
    ConfigSyntaxError,
    TemplateNotFoundError,
    ParameterUnknownError,
    ParameterMissingError,
    ParameterTypeError,
    ParameterRangeError,
    ParameterConflictError,
)


def operations(pipelines: Pipelines) -> tuple[Operation, ...]:
    """Return the operations on pipelines."""

    async def create(call: Call, request: PipelineCreate) -> PipelineVersionSchema:
        actor, now = call.principal.id, call.now
        if request.template is not None:
            version = await pipelines.render(call.session, request.template, request.parameters, actor=actor, now=now)
        else:
            name, text = request.name or "", request.text or ""
            version = await pipelines.create(call.session, name=name, text=text, actor=actor, now=now)
        return PipelineVersionSchema.of(version)

    async def list_(call: Call, _request: PipelineListRequest) -> PipelineList:
        return PipelineList(
            items=tuple(map(PipelineSchema.of, await pipelines.pipelines(call.session))),
            catalogue=tuple(TemplateSchema(name=it.name, summary=it.summary) for it in TEMPLATES),
        )

    async def get(call: Call, request: PipelineGet) -> PipelineVersionSchema:
        return PipelineVersionSchema.of(await pipelines.find(call.session, request.reference))

    return (
        Operation(
            name="pipelines.create",
            summary="Store a collector config, or a template of the catalogue, as a version of a pipeline.",
            method="POST",
            path="/pipelines",
            scope="pipelines:write",
            request=PipelineCreate,
            response=PipelineVersionSchema,
            call=create,
            errors=_CREATE_ERRORS,
            status=201,
        ),
        Operation(
            name="pipelines.list",
            summary="List the pipelines that are stored, and the catalogue.",
            method="GET",
            path="/pipelines",
            scope="pipelines:read",
            request=PipelineListRequest,
            response=PipelineList,
            call=list_,
        ),
        Operation(
            name="pipelines.get",
            summary="Show a version of a pipeline: the newest, or the one named.",
            method="GET",
            path="/pipelines/{reference}",
            scope="pipelines:read",
            request=PipelineGet,
            response=PipelineVersionSchema,
            call=get,
            errors=(PipelineNotFoundError,),
        ),
    )
