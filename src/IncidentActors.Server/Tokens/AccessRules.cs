using System.Text.Json;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Tokens;

/// <summary>What a token may be used for, in one place. Who may take which step of a flow, lift which halt or decide what is the
/// domain's, which sees the token's roles.</summary>
internal static class AccessRules
{
    /// <summary>The refusal, or null: the tool may be used with these arguments.</summary>
    public static async Task<Rejected?> CheckAsync(AccessToken? token, Tool tool, ToolCall call)
    {
        if (token is null || tool.Description.ReadOnly) return null;
        if (token.ReadOnly)
        {
            return Refused(
                Rules.TokenReadOnly,
                $"The token {token.Id} is for looking only; {tool.Name} changes something.",
                [.. ToolCatalogue.All.Where(known => known.Description.ReadOnly).Select(known => known.Name)]);
        }

        return token.Team is { } team ? await OfTeamAsync(token, team, tool, call) : null;
    }

    /// <summary>Tokens and webhooks are the operator's and the owner's.</summary>
    public static Rejected? Administration(AccessToken? token) =>
        token is null || token.Administers
            ? null
            : Refused(
                Rules.TokenRole,
                $"Only the operator or the owner may; the token {token.Id} has the roles {string.Join(", ", token.Roles)}.",
                ["operator", "owner"]);

    /// <summary>A team's token works on ATPs that the team or nobody owns, and halts nothing but the team.</summary>
    private static async Task<Rejected?> OfTeamAsync(AccessToken token, string team, Tool tool, ToolCall call)
    {
        if (tool.Name is "halt_raise" or "halt_lift")
        {
            var own = new HaltScope(HaltScopeKind.Team, team).ToString();
            return Text(call.Arguments, "scope") == own
                ? null
                : Refused(Rules.TokenTeam, $"The token {token.Id} is for the team {team}: name the scope '{own}'.", [own]);
        }

        var atp = Text(call.Arguments, "atpId") ?? (Text(call.Arguments, "messageId") is { } message ? AtpOf(message) : null);
        if (atp is null || await call.Engine.Journal.LoadAsync(ActorId.Atp(atp), CancellationToken.None) is not { } stored) return null;
        var owner = ((AtpState)States.Read(ActorKind.Atp, stored.Document.Span)).Owner;
        return owner is null || owner == token.Handle || call.Engine.Options.Roster.Find(owner)?.Team == team
            ? null
            : Refused(Rules.TokenTeam, $"The token {token.Id} is for the team {team}; {atp} belongs to {owner}.");
    }

    private static string? AtpOf(string message) => MessageIds.TryParse(message, out var atp, out _) ? atp : null;

    private static string? Text(JsonElement arguments, string name) =>
        arguments.ValueKind == JsonValueKind.Object
            && arguments.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()!.Trim()
            : null;

    private static Rejected Refused(string rule, string sentence, params ReadOnlySpan<string> allowed) =>
        Rejected.Role(rule, sentence, [.. allowed]);
}
