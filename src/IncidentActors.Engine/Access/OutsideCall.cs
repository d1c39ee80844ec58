using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Engine.Access;

/// <summary>The call of a client of grains: what it may say of itself, and what only its token says.</summary>
public static class OutsideCall
{
    public const int MaxKeyLength = 255;

    /// <summary>A key or a session as every transport takes it: visible ASCII.</summary>
    public static bool IsKey(string text) => text.Length is > 0 and <= MaxKeyLength && text.All(static c => c is > ' ' and <= '~');

    /// <summary>The call in the name of the token's holder. Roles, team and token in the received record are ignored.</summary>
    /// <param name="rights">Null if no tokens are configured: every caller on this machine is trusted.</param>
    /// <param name="signedInAt">When the holder signed in, as the issuer of its token says; null if it does not say.</param>
    public static (Call? Call, Rejected? Refusal) Of(Call given, TokenRights? rights, DateTimeOffset? signedInAt = null)
    {
        if (rights is null)
        {
            if (!Handle.IsWellFormed(given.By)) return (null, Malformed($"'{SafeHandle(given.By)}' is not a handle; one looks like '@dev'."));
            if (Handle.IsReserved(given.By))
                return (null, Rejected.Malformed(Rules.AgentReserved, $"{given.By} is reserved for the system; callers cannot use it."));
        }
        else if (given.By.Length > 0 && given.By != rights.Handle)
        {
            return (null, Rejected.Role(
                Rules.CallerMismatch, $"The token {rights.Token} belongs to {rights.Handle}; it cannot be used to call as another handle.", [rights.Handle]));
        }

        if (given.Session.Length > 0 && !IsKey(given.Session)) return (null, Malformed($"A session has 1 to {MaxKeyLength} visible ASCII characters."));
        if (given.Key is { } key && !IsKey(key)) return (null, Malformed($"An idempotency key has 1 to {MaxKeyLength} visible ASCII characters."));
        var call = new Call
        {
            At = default,
            Seed = "",
            By = rights?.Handle ?? given.By,
            Session = given.Session,
            Key = given.Key,
            Override = given.Override,
            Trace = System.Diagnostics.ActivityContext.TryParse(given.Trace, null, out _) ? given.Trace : null,
            Token = rights?.Token,
            Roles = rights?.Roles,
            Team = rights?.Team,
            SignedInAt = signedInAt,
        };
        return (call, null);
    }

    private static string SafeHandle(string text) => Core.Texts.SafeText.OneLine(text.Length <= 64 ? text : text[..64]);

    private static Rejected Malformed(string sentence) => Rejected.Malformed(Rules.ArgumentMalformed, sentence);
}
