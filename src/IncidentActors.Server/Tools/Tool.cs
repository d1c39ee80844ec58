using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Access;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Json;
using IncidentActors.Server.Telemetry;

namespace IncidentActors.Server.Tools;

/// <summary>One operation for agents, the same by HTTP and by MCP.</summary>
public sealed class Tool
{
    /// <summary>How long a caller waits for its turn; after that the result can be had only with its idempotency key.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private const string Caller = "agent";

    private readonly Func<ToolCall, Task<Outcome>> handle;
    private readonly Lazy<JsonNode> inputSchema;
    private readonly Lazy<JsonNode> outputSchema;

    private Tool(ToolDescription description, JsonTypeInfo arguments, Type output, CommandAccess? access, Func<ToolCall, Task<Outcome>> handle)
    {
        Description = description;
        Access = access;
        Arguments = arguments;
        Output = output;
        this.handle = handle;
        inputSchema = new Lazy<JsonNode>(() => ToolSchema.Arguments(arguments.Type, description.KeepsDetails));
        outputSchema = new Lazy<JsonNode>(() => ToolSchema.Of(output));
    }

    public string Name => Description.Name;
    public ToolDescription Description { get; }

    /// <summary>Names and types of the arguments; their descriptions are in <see cref="InputSchema"/>.</summary>
    public JsonTypeInfo Arguments { get; }

    /// <summary>The type of <see cref="Accepted.Answer"/>.</summary>
    public Type Output { get; }

    /// <summary>Who may call the tool, and what a call touches; null: administrators only.</summary>
    public CommandAccess? Access { get; }

    /// <summary>JSON Schema of the arguments. Shared: clone it before changing it.</summary>
    public JsonNode InputSchema => inputSchema.Value;

    /// <summary>JSON Schema of the answer. Shared: clone it before changing it.</summary>
    public JsonNode OutputSchema => outputSchema.Value;

    /// <param name="access">Left out: the tool is for administrators only.</param>
    public static Tool Of<T>(ToolDescription description, Type output, Func<ToolCall, T, Task<Outcome>> handle, CommandAccess? access = null)
        where T : class
    {
        var type = ServerJson.Info<T>();
        return new Tool(description, type, output, access, async call =>
        {
            if (AccessPolicy.Check(call.Access?.Rights, description.Name, !description.ReadOnly, access) is { } forbidden) return forbidden;
            var (arguments, refusal) = Json.Arguments.Read(call.Arguments, type);
            if (arguments is null) return refusal!;
            var touched = description.ReadOnly ? [] : access?.Touches(arguments) ?? [];
            return await call.Policy.CheckTouchedAsync(call.Access?.Rights, touched, CancellationToken.None) ?? await handle(call, arguments);
        });
    }

    /// <summary>Does it. Malformed arguments and refusals are <see cref="Rejected"/>; a store that is away is <see cref="Unavailable"/>.</summary>
    public async Task<Outcome> InvokeAsync(ToolCall call)
    {
        call = call with { Arguments = GivenArguments.Clean(call.Arguments, Arguments) };
        Rejected? misspelt = null;
        if (Description.KeepsDetails || Description.ReadOnly)
        {
            (var known, var details, misspelt) = GivenArguments.Split(call.Arguments, this);
            // Callers name themselves in every call, also of tools that do not ask for it (seeds 000 and 001).
            if (details.TryGetValue(Caller, out var caller)) misspelt ??= call.Mismatch(Handle.Normalize(caller), Caller);
            call = call with { Arguments = known, Details = details.Remove(Caller) };
        }

        using var span = ToolSpans.Start(Name, call);
        var outcome = misspelt ?? await AttemptAsync(call);
        span?.RecordOutcome(outcome);
        if (!Description.ReadOnly) call.Engine.Log.LogOutcome(Name, call, outcome);
        return outcome;
    }

    private async Task<Outcome> AttemptAsync(ToolCall call)
    {
        try
        {
            return await handle(call).WaitAsync(Timeout);
        }
        catch (ArchivedException archived)
        {
            return archived.Refusal;
        }
        catch (JournalUnavailableException error)
        {
            return new Unavailable(error.Sentence, TimeSpan.FromSeconds(1), error.NotApplied);
        }
        catch (TimeoutException)
        {
            return new Unavailable($"No answer within {Timeout.TotalSeconds:0} seconds.", TimeSpan.FromSeconds(1), Known: Description.ReadOnly);
        }
    }
}

/// <param name="Title">For people: <c>Declare an incident</c>.</param>
/// <param name="Text">For agents: what it does, when to use it, what is refused.</param>
/// <param name="ReadOnly">Changes nothing; may be called without naming a caller.</param>
/// <param name="Destructive">Ends or stops something that others rely on.</param>
/// <param name="Idempotent">Calling again with the same arguments changes nothing more.</param>
public sealed record ToolDescription(string Name, string Title, string Text, bool ReadOnly = false, bool Destructive = false, bool Idempotent = false)
{
    /// <summary>Arguments that it does not have are kept on the ATP (<see cref="Core.Atps.DetailNames"/>) instead of being refused.</summary>
    public bool KeepsDetails { get; init; }
}
