using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Texts;
using IncidentActors.Engine.Access;
using IncidentActors.Engine.Records;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Tokens;

/// <summary>What was done with tokens and to whom the server has refused access: records, log lines and counters.</summary>
internal sealed class AccessAudit
{
    public const string Created = "token.created";
    public const string Revoked = "token.revoked";

    private const int MaxEntries = 500;

    private readonly ILogger log;
    private readonly Counter<long> created;
    private readonly Counter<long> revoked;
    private readonly Counter<long> refused;
    private readonly LineBudget lines = new(TimeProvider.System);

    public AccessAudit(ILoggerFactory logs, NodeMetrics metrics)
    {
        log = logs.CreateLogger("IncidentActors.Access");
        created = metrics.Counter(MetricCatalogue.TokensCreated);
        revoked = metrics.Counter(MetricCatalogue.TokensRevoked);
        refused = metrics.Counter(MetricCatalogue.AccessRefused);
    }

    /// <summary>The record of a change, to be written in the commit that makes it.</summary>
    /// <param name="maker">The token that was shown; null if none are configured.</param>
    public static RecordWrite Entry(DateTimeOffset now, string action, AccessToken token, string by, AccessToken? maker)
    {
        var entry = new AccessEntry(now, action, token.Id, token.Handle, token.Roles, token.Team, token.ReadOnly, token.ExpiresAt, by, maker?.Id);
        return new RecordWrite(
            RecordKinds.AccessAudit, $"{now.UtcTicks:d19}-{token.Id}-{action}", 0, JsonSerializer.SerializeToUtf8Bytes(entry, AccessJson.Default.AccessEntry));
    }

    /// <summary>The audit records of tokens, oldest first. <c>Next</c> is null on the last page.</summary>
    public static async Task<(ImmutableArray<AccessEntry> Entries, string? Next)> ReadAsync(IRecords records, string? after, CancellationToken cancel)
    {
        var found = await records.ListAsync(RecordKinds.AccessAudit, "", after, MaxEntries, cancel);
        return (
            [.. found.Select(record => JsonSerializer.Deserialize(record.Document.Span, AccessJson.Default.AccessEntry)!)],
            found.Count == MaxEntries ? found[^1].Key : null);
    }

    /// <summary>A change was committed.</summary>
    public void Changed(string action, AccessToken token, string by, AccessToken? maker)
    {
        log.TokenChanged(action, token.Id, token.Handle, string.Join(' ', token.Roles), by, maker?.Id);
        (action == Created ? created : revoked).Add(1);
    }

    /// <summary>Credentials were refused.</summary>
    public void Refused(HttpContext http, string rule, AccessToken? token)
    {
        refused.Add(1, new KeyValuePair<string, object?>(Names.Rule, rule));
        if (!lines.Take()) return;
        log.AccessRefused(rule, token?.Id, http.Request.Method, SafeText.OneLine(http.Request.Path.Value ?? ""), http.Connection.RemoteIpAddress?.ToString());
    }
}

/// <summary>One change of a token, as it is kept.</summary>
/// <param name="ByToken">Id of the token that made the change; null if none were configured.</param>
public sealed record AccessEntry(
    DateTimeOffset At, string Action, string Token, string Handle, IReadOnlyList<string> Roles, string? Team, bool ReadOnly, DateTimeOffset? ExpiresAt,
    string By, string? ByToken);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccessEntry))]
internal sealed partial class AccessJson : JsonSerializerContext;
