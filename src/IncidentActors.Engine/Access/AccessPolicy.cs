using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Access;

/// <summary>
/// What a token may do: one policy for HTTP, MCP, pages and grain calls. Which transition a role may take is the domain's to decide;
/// this policy checks read-only tokens, administrators and teams before.
/// </summary>
public sealed class AccessPolicy(TeamOwnership ownership)
{
    /// <summary>The refusal; null if the token may send such a command. What it touches is checked by <see cref="CheckTouchedAsync"/>.</summary>
    /// <param name="rights">Null if no tokens are configured: every caller on this machine is trusted.</param>
    /// <param name="operation">The command's name, for the sentence.</param>
    /// <param name="changes">The command changes something.</param>
    /// <param name="access">What the command declares that it changes; null if nothing.</param>
    public static Rejected? Check(TokenRights? rights, string operation, bool changes, CommandAccess? access)
    {
        if (rights is null) return null;
        if (changes && rights.ReadOnly)
            return Rejected.Role(Rules.TokenReadOnly, $"The token {rights.Token} is read-only; {operation} is not allowed with it.");
        if (access is null) return Administration(rights);
        return access.Roles.Contains(Roles.Any) || access.Roles.Any(role => rights.Roles.Contains(role))
            ? null
            : Rejected.Role(
                Rules.TokenRole,
                $"{operation} is for {string.Join(", ", access.Roles)}; the token {rights.Token} has the roles {string.Join(", ", rights.Roles)}.",
                access.Roles);
    }

    /// <summary>Tokens, webhooks and commands that declare no access are for the operator and the owner.</summary>
    public static Rejected? Administration(TokenRights? rights) =>
        rights is null || rights.Administers
            ? null
            : Rejected.Role(
                Rules.TokenRole,
                $"Only the operator and the owner may do this; the token {rights.Token} has the roles {string.Join(", ", rights.Roles)}.",
                [Roles.Operator, Roles.Owner]);

    /// <summary>The refusal; null if everything that the command touches belongs to the token's team.</summary>
    public async Task<Rejected?> CheckTouchedAsync(TokenRights? rights, IEnumerable<Touched> touched, CancellationToken cancel)
    {
        if (rights is not { Team: { } team }) return null;
        foreach (var one in touched)
        {
            if (await ownership.RefusalAsync(one, rights, cancel) is not { } why) continue;
            return Rejected.Role(Rules.TokenTeam, $"The token {rights.Token} is for the team {team}{why.Sentence}", [.. why.Allowed]);
        }

        return null;
    }
}
