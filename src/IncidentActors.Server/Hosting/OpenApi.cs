using IncidentActors.Server.Callers;
using Microsoft.OpenApi;

namespace IncidentActors.Server.Hosting;

/// <summary>The JSON body of a route, for the document only: what the body is called in <c>Content-Type</c> does not matter, so that plain
/// <c>curl -d</c> works.</summary>
internal sealed record TakesBody(Type Type);

/// <summary>What the OpenAPI document says besides what the routes say themselves: bodies, and the headers that name the caller.</summary>
internal static class OpenApi
{
    public static void AddDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "IncidentActors",
                Version = "v1",
                Description = "The control plane for incidents worked by agents and people. Refusals are problem details; their type ends in the rule's id.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancel) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakesBody>().FirstOrDefault() is not { } body) return;
            var schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancel);
            operation.RequestBody = new OpenApiRequestBody
            {
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
            };
            operation.Parameters ??= [];
            operation.Parameters.Add(Header(CallReader.AgentHeader, "The caller: @pm. Needed for everything that changes something."));
            operation.Parameters.Add(Header(CallReader.SessionHeader, "Distinguishes several sessions of one agent."));
            operation.Parameters.Add(Header(CallReader.KeyHeader, "A repeated key gives the first answer; with another body it is refused."));
        });
    });

    private static OpenApiParameter Header(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
