using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Mcp;

/// <summary>Who speaks in an MCP session: whom the token or the header names; with neither, whom the arguments name.</summary>
/// <param name="Call">The call that every use of a tool begins with, or null: nobody is named yet.</param>
/// <param name="Session">Id of the MCP session: the turn of an agent belongs to it.</param>
internal sealed record McpCaller(Call? Call, AccessToken? Token, string Session)
{
    public bool Is(Call? call, AccessToken? token) => Call?.By == call?.By && Token?.Id == token?.Id;

    /// <summary>The call with its idempotency key, or null: a tool that changes something was called by nobody.</summary>
    public Call? For(JsonElement arguments, string? key)
    {
        var call = Call ?? (Named(arguments) is { } handle ? new Call { At = default, Seed = "", By = handle } : null);
        return call is null ? null : call with { Session = Session, Key = key };
    }

    private static string? Named(JsonElement arguments)
    {
        foreach (var name in new[] { "agent", "fromAgent" })
        {
            if (!arguments.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) continue;
            var handle = Handle.Normalize(value.GetString()!);
            if (Handle.IsWellFormed(handle) && !Handle.IsReserved(handle)) return handle;
        }

        return null;
    }

    public static Rejected Nobody { get; } = new(
        Rules.CallerMissing, "Nobody is named: give the argument 'agent' with your handle, or connect with a token, the header X-Agent, or '--agent'.")
    {
        Kind = RejectionKind.Malformed,
    };
}
