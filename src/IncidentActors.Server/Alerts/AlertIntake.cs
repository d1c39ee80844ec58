using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Routes;
using IncidentActors.Engine.Records;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Alerts;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(HeldAlert))]
internal sealed partial class HeldAlertJson : JsonSerializerContext;

/// <summary>An alert that declares when its time has come, unless it resolves before.</summary>
/// <param name="Declare">The command, as Core writes it.</param>
internal sealed record HeldAlert(string Fingerprint, JsonElement Declare, DateTimeOffset Due, string By, string? Token);

/// <summary>
/// What routes say of whole sources: names of sources and groups, groups that end by time, and alerts that are held back. Held alerts are records
/// of the store, so that they declare after a restart and on any node.
/// </summary>
internal sealed class AlertIntake(RunningEngine engine) : BackgroundService
{
    private const string Kind = RecordKinds.HeldAlert;
    private const int AtOnce = 200;
    private const int MaxGenerations = 16;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Prefix of the fingerprints and groups of one Alertmanager and token. Empty if the sender has neither.</summary>
    public static string SourceOf(string? externalUrl, string? token) =>
        externalUrl is null && token is null
            ? ""
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{externalUrl?.TrimEnd('/')}\n{token}")))[..12] + ":";

    /// <summary>The group that a rule gives the alert; null if none does.</summary>
    public static string? GroupOf(Routed routed, ImmutableSortedDictionary<string, string> labels)
    {
        if (routed.Set.Group.IsDefaultOrEmpty) return null;
        var rule = routed.By.First(choice => choice.Key == "group").Rule;
        return AlertReading.Name($"route:{rule}:{string.Join(',', routed.Set.Group.Select(name => $"{name}={labels.GetValueOrDefault(name)}"))}");
    }

    /// <summary>The group's name now: an incident that has taken its alerts for the given time takes no more of them, and the next one begins.</summary>
    public async Task<string?> GroupAsync(string? group, TimeSpan? lasts)
    {
        if (group is null || lasts is null) return group;
        var name = group;
        for (var i = 0; i < MaxGenerations; i++)
        {
            if (await engine.Journal.HolderAsync(IncidentState.GroupClaim(name), CancellationToken.None) is not { } holder) break;
            if (await engine.Views.IncidentAsync(holder.Key) is not { } incident) break;
            if (engine.Options.Time.GetUtcNow() - incident.DeclaredAt <= lasts) break;
            name = AlertReading.Name($"{group}@{holder.Key}");
        }

        return name;
    }

    /// <summary>Keeps the alert until it has fired for the time. False: it has, or an ongoing incident has it already.</summary>
    public async Task<bool> HoldAsync(DeclareIncident declare, TimeSpan time, DateTimeOffset began, Call call)
    {
        var fingerprint = declare.Alerts[0].Fingerprint;
        if (await engine.Journal.HolderAsync(IncidentState.AlertClaim(fingerprint), CancellationToken.None) is not null) return false;
        if (began + time <= engine.Options.Time.GetUtcNow()) return false;
        var command = JsonSerializer.SerializeToElement<IncidentCommand>(engine.Turns.Redactor.Clean(declare), CoreJson.Options);
        var held = new HeldAlert(fingerprint, command, began + time, call.By, call.Token);
        var document = JsonSerializer.SerializeToUtf8Bytes(held, HeldAlertJson.Default.HeldAlert);
        await engine.Records.WriteAsync([new RecordWrite(Kind, Key(fingerprint), 0, document)], CancellationToken.None);
        return true;
    }

    /// <summary>The alert has resolved before its time.</summary>
    public async Task DropHeldAlertAsync(string fingerprint)
    {
        if (await engine.Records.FindAsync(Kind, Key(fingerprint), CancellationToken.None) is { } record)
            await engine.Records.WriteAsync([new RecordWrite(Kind, record.Key, record.Version, null)], CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await DeclareDueAsync(stoppingToken);
                await Task.Delay(LookInterval, engine.Options.Time, stoppingToken);
            }
            catch (Exception error) when (error is Engine.Journals.JournalUnavailableException)
            {
                await Task.Delay(LookInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Declared first and forgotten then: a crash between the two declares again, and finds the incident.</summary>
    private async Task DeclareDueAsync(CancellationToken cancel)
    {
        var now = engine.Options.Time.GetUtcNow();
        foreach (var record in await engine.Records.ListAsync(Kind, "", null, AtOnce, cancel))
        {
            var held = JsonSerializer.Deserialize(record.Document.Span, HeldAlertJson.Default.HeldAlert)!;
            if (held.Due > now) continue;
            var declare = (DeclareIncident)held.Declare.Deserialize<IncidentCommand>(CoreJson.Options)!;
            var call = new Call { At = default, Seed = "", By = held.By, Token = held.Token };
            var outcome = await engine.Declarations.DeclareAsync(declare, call);
            if (outcome is Unavailable) continue;
            if (outcome is Rejected rejected) engine.Log.AlertRefused("held", 422, rejected.Rule, rejected.Sentence);
            await engine.Records.WriteAsync([new RecordWrite(Kind, record.Key, record.Version, null)], cancel);
        }
    }

    private static string Key(string fingerprint) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fingerprint)));
}
