using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Json;
using IncidentActors.Server.Telemetry;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Tools;

/// <summary>One thing that agents can do, the same by HTTP and by MCP.</summary>
public sealed class Tool
{
    /// <summary>How long a caller waits for its turn; after that only its idempotency key tells what became of it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Func<ToolCall, Task<Outcome>> handle;
    private readonly Lazy<JsonNode> inputSchema;
    private readonly Lazy<JsonNode> outputSchema;

    private Tool(ToolDescription description, JsonTypeInfo arguments, Type output, Func<ToolCall, Task<Outcome>> handle)
    {
        Description = description;
        Arguments = arguments;
        Output = output;
        this.handle = handle;
        inputSchema = new Lazy<JsonNode>(() => ToolSchema.Of(arguments.Type));
        outputSchema = new Lazy<JsonNode>(() => ToolSchema.Of(output));
    }

    public string Name => Description.Name;
    public ToolDescription Description { get; }

    /// <summary>Names and types of the arguments; their descriptions stand in <see cref="InputSchema"/>.</summary>
    public JsonTypeInfo Arguments { get; }

    /// <summary>The type of <see cref="Accepted.Answer"/>.</summary>
    public Type Output { get; }

    /// <summary>JSON Schema of the arguments. Shared: clone it before changing it.</summary>
    public JsonNode InputSchema => inputSchema.Value;

    /// <summary>JSON Schema of the answer. Shared: clone it before changing it.</summary>
    public JsonNode OutputSchema => outputSchema.Value;

    public static Tool Of<T>(ToolDescription description, Type output, Func<ToolCall, T, Task<Outcome>> handle)
        where T : class
    {
        var type = ServerJson.Info<T>();
        return new Tool(description, type, output, call =>
        {
            var (arguments, refusal) = Json.Arguments.Read(call.Arguments, type);
            return arguments is null ? Task.FromResult<Outcome>(refusal!) : handle(call, arguments);
        });
    }

    /// <summary>Does it. Malformed arguments and refusals are <see cref="Rejected"/>; a store that is away is <see cref="Unavailable"/>.</summary>
    public async Task<Outcome> InvokeAsync(ToolCall call)
    {
        using var span = ToolSpans.Start(Name, call);
        var outcome = await AttemptAsync(call);
        span?.Became(outcome);
        if (!Description.ReadOnly) call.Engine.Log.Became(Name, call, outcome);
        return outcome;
    }

    private async Task<Outcome> AttemptAsync(ToolCall call)
    {
        try
        {
            return await AccessRules.CheckAsync(call.Access, this, call) is { } refused ? refused : await handle(call).WaitAsync(Longest);
        }
        catch (JournalUnavailableException error)
        {
            return new Unavailable(error.Message, TimeSpan.FromSeconds(1), error.NotApplied);
        }
        catch (TimeoutException)
        {
            return new Unavailable($"No answer within {Longest.TotalSeconds:0} seconds.", TimeSpan.FromSeconds(1), Known: Description.ReadOnly);
        }
    }
}

/// <param name="Title">For people: <c>Declare an incident</c>.</param>
/// <param name="Text">For agents: what it does, when to use it, what is refused.</param>
/// <param name="ReadOnly">Changes nothing; may be called without naming a caller.</param>
/// <param name="Destructive">Ends or stops something that others rely on.</param>
/// <param name="Idempotent">Calling again with the same arguments changes nothing more.</param>
public sealed record ToolDescription(string Name, string Title, string Text, bool ReadOnly = false, bool Destructive = false, bool Idempotent = false);
