using System.Collections.Immutable;
using System.Text.Json;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Tools;

/// <summary>One use of a tool.</summary>
/// <param name="Call">Who calls, in which session, with which idempotency key. For a tool that only reads, <see cref="Anonymous"/> is enough.</param>
/// <param name="Arguments">One JSON object, not yet checked.</param>
/// <param name="Access">The token that the caller has shown; null if none are configured.</param>
/// <param name="Gone">The caller no longer waits, or may not. A commit in progress continues.</param>
public sealed record ToolCall(RunningEngine Engine, Call Call, JsonElement Arguments, AccessToken? Access = null, CancellationToken Gone = default)
{
    public AccessPolicy Policy => new(new TeamOwnership(Engine.Journal, Engine.Options.Roster));

    /// <summary>Id of the MCP session in which it is used, empty where MCP has none; null: not by MCP.</summary>
    public string? Mcp { get; init; }

    /// <summary>Arguments that the tool does not have and keeps, as texts.</summary>
    public ImmutableSortedDictionary<string, string> Details { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The command with the caller's further details.</summary>
    public T With<T>(T command)
        where T : AtpCommand => Details.IsEmpty ? command : command with
        {
            Details = Details,
            Unread = Details.Keys.Where(name => !DetailNames.Meanings.ContainsKey(name)).ToImmutableArray() is { IsEmpty: false } unread ? unread : null,
        };

    /// <summary>Somebody who looks and has not said who it is.</summary>
    public static readonly Call Anonymous = new() { At = default, Seed = "", By = "" };

    /// <summary>The call with the owner's reason for bypassing the rules (seed 003), where it gives one.</summary>
    public ToolCall Because(string? reason) => reason is null ? this : this with { Call = Call with { Override = reason } };

    /// <summary>An argument that is a text, or null.</summary>
    public string? Text(string argument) =>
        Arguments.ValueKind == JsonValueKind.Object
            && Arguments.TryGetProperty(argument, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The refusal when a call names another agent than the caller, or null.</summary>
    public Rejected? Mismatch(string? agent, string argument) =>
        agent is null || agent == Call.By
            ? null
            : Rejected.Role(Rules.CallerMismatch, $"'{argument}' is {agent}, but {Call.By} calls; an agent acts under its own handle only.", [Call.By]);
}
