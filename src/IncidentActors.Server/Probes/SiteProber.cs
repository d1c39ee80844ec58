using System.Collections.Immutable;
using System.Net.Sockets;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Probes;

/// <summary>
/// Looks at sites by HTTP and declares an incident when one is down: the label <c>probe</c> is what the halt condition production-down
/// recognises (seed 003). When it answers again, the incident records it; people close the incident.
/// </summary>
internal sealed partial class SiteProber(RunningEngine engine, ProbeOptions options, HttpClient http) : BackgroundService
{
    private readonly Dictionary<Uri, SiteHealth> sites = options.Sites.Distinct().ToDictionary(site => site, _ => new SiteHealth(options.Failures));

    /// <summary>One look at every site, and what follows from it.</summary>
    public Task LookAsync(CancellationToken cancel) => Task.WhenAll(sites.Select(site => LookAsync(site.Key, site.Value, cancel)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Every, engine.Options.Time);
        do await LookAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(Uri site, SiteHealth health, CancellationToken cancel)
    {
        if (!health.HasBegun && !await BeginAsync(site, health, cancel)) return;
        var news = health.Seen(await WrongAsync(site, cancel));
        if (news == SiteNews.None) return;
        var outcome = news == SiteNews.Down
            ? await engine.Declarations.DeclareAsync(Declaration(site, health), Call)
            : await engine.Declarations.JoinAsync(new JoinAlerts(null, [AlertOf(site, AlertStatus.Resolved, health)], null), Call);
        if (outcome is null or Accepted) return;
        LogRefused(engine.Log, site, outcome is Rejected rejected ? rejected.Sentence : outcome.ToString());
        health.RevertChange(news);
    }

    /// <summary>A site that an ongoing incident has as firing is down: a node that starts meanwhile must tell when it answers again.</summary>
    /// <returns>False if the journal is unavailable.</returns>
    private async Task<bool> BeginAsync(Uri site, SiteHealth health, CancellationToken cancel)
    {
        try
        {
            var fingerprint = Fingerprint(site);
            var holder = await engine.Journal.HolderAsync(IncidentState.AlertClaim(fingerprint), cancel);
            var incident = holder is null ? null : await engine.Views.IncidentAsync(holder.Value.Key);
            health.Begin(down: incident?.Alerts.Any(alert => alert.Fingerprint == fingerprint && alert.Status == AlertStatus.Firing) == true);
            return true;
        }
        catch (JournalUnavailableException error)
        {
            LogUnknown(engine.Log, site, error.Message);
            return false;
        }
    }

    private async Task<string?> WrongAsync(Uri site, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(options.Timeout, engine.Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            using var answer = await http.GetAsync(site, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return SiteHealth.WrongWith((int)answer.StatusCode);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return "timeout";
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return "unreachable";
        }
    }

    private DeclareIncident Declaration(Uri site, SiteHealth health) => new(
        $"{site.Host} is down ({health.Wrong})", Severity.Sev1, IncidentCategory.Availability,
        $"{site} failed {options.Failures} times in a row; the last time: {health.Wrong}.", null,
        ImmutableSortedDictionary<string, string>.Empty.Add("probe", health.Wrong!).Add("site", site.ToString()),
        "probe", Fingerprint(site), null, [AlertOf(site, AlertStatus.Firing, health)]);

    private AlertSeen AlertOf(Uri site, AlertStatus status, SiteHealth health) =>
        new(Fingerprint(site), "SiteDown", status, engine.Options.Time.GetUtcNow(), null, status == AlertStatus.Firing ? health.Wrong : "answers again");

    private static string Fingerprint(Uri site) => $"probe:{site}";

    private static Call Call => new() { At = default, Seed = "", By = Handle.Probe };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Site} is not probed until its earlier state can be read from the journal: {Sentence}")]
    private static partial void LogUnknown(ILogger log, Uri site, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state of {Site} could not be reported: {Sentence}")]
    private static partial void LogRefused(ILogger log, Uri site, string? sentence);
}
