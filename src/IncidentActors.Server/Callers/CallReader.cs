using System.Text.RegularExpressions;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Access;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tokens;

namespace IncidentActors.Server.Callers;

/// <summary>Who calls: whom the token names, or without tokens, when the server listens on loopback only, whom <c>X-Agent</c> names.</summary>
internal static partial class CallReader
{
    public const string AgentHeader = "X-Agent";
    public const string SessionHeader = "X-Session";
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>Response header: <c>true</c> if the answer is a repetition of the first one.</summary>
    public const string ReplayHeader = "Idempotent-Replay";

    private const int MaxKeyLength = OutsideCall.MaxKeyLength;

    /// <summary>The call of a write: the caller must be named.</summary>
    public static (Call? Call, Rejected? Refusal) Write(HttpRequest request)
    {
        var (call, refusal) = Read(request);
        if (refusal is not null || call is not null) return (call, refusal);
        return (null, Rejected.Malformed(Rules.CallerMissing, $"Say who calls: the header {AgentHeader} with a handle, such as '{AgentHeader}: @pm'."));
    }

    /// <summary>The call, or null when no caller is named: enough to look.</summary>
    public static (Call? Call, Rejected? Refusal) Read(HttpRequest request)
    {
        if (TokenGate.Shown(request.HttpContext) is { } token)
        {
            var (call, refusal) = With(request, token.Handle);
            if (call is null) return (null, refusal);
            return (call with { Token = token.Id, Roles = token.Roles, Team = token.Team, SignedInAt = TokenGate.SignedInAt(request.HttpContext) }, null);
        }

        if (request.Headers[AgentHeader] is not [{ } given])
            return request.Headers[AgentHeader].Count == 0 ? (null, null) : (null, Malformed($"{AgentHeader} is given once."));
        var handle = Handle.Normalize(given);
        if (!Handle.IsWellFormed(handle))
        {
            return (
                null, Malformed($"{AgentHeader} must be a handle such as '@pm': '@', then at most 63 letters, digits, '-', '_' or '.'."));
        }

        if (Handle.IsReserved(handle)) return (null, Rejected.Malformed(Rules.AgentReserved, $"{handle} is reserved for the system; callers cannot use it."));
        return With(request, handle);
    }

    /// <summary>A call of one of the reserved handles: an alert source. A key that cannot be kept is none, since a source does not repeat.</summary>
    public static Call Source(HttpRequest request, string handle)
    {
        if (!Short(request, KeyHeader, out _)) request.Headers.Remove(KeyHeader);
        request.Headers.Remove(SessionHeader);
        return With(request, handle).Call!;
    }

    /// <summary>A call of a handle that the endpoint itself has found.</summary>
    public static (Call? Call, Rejected? Refusal) With(HttpRequest request, string handle)
    {
        if (!Short(request, KeyHeader, out var key)) return (null, Malformed($"{KeyHeader} has 1 to {MaxKeyLength} visible ASCII characters."));
        if (!Short(request, SessionHeader, out var session)) return (null, Malformed($"{SessionHeader} has 1 to {MaxKeyLength} visible ASCII characters."));
        var trace = request.Headers.TraceParent.ToString();
        return (new Call { At = default, Seed = "", By = handle, Session = session ?? "", Key = key, Trace = IsTrace(trace) ? trace : null }, null);
    }

    /// <summary>A W3C <c>traceparent</c>.</summary>
    public static bool IsTrace(string text) => TraceParent().IsMatch(text);

    private static bool Short(HttpRequest request, string header, out string? value)
    {
        var values = request.Headers[header];
        value = values.Count == 0 ? null : values[0];
        return value is null || (values.Count == 1 && OutsideCall.IsKey(value));
    }

    private static Rejected Malformed(string sentence) => Arguments.Malformed(sentence);

    [GeneratedRegex(@"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\z")]
    private static partial Regex TraceParent();
}
