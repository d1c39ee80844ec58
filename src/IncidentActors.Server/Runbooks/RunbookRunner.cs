using System.Collections.Concurrent;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Runbooks;
using IncidentActors.Engine;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Runbooks;

/// <summary>
/// Does what a run says, once, after its start has been committed: so a run is executed at most once, on whichever node, and one whose
/// node died is recorded as unknown instead of being tried again.
/// </summary>
public sealed class RunbookRunner(IActorDirectory actors, EngineOptions options, HttpClient http, string secret) : IHostedService, IAsyncDisposable
{
    private readonly ConcurrentDictionary<Task, byte> running = new();
    private readonly CancellationTokenSource stop = new();

    /// <summary>Starts a run; the answer is the incident with the run under way. Its outcome is recorded when it is over.</summary>
    public async Task<Outcome> StartAsync(string incidentId, string runId, Call call)
    {
        var incident = actors.Incident(incidentId);
        var started = await incident.DoAsync(new StartRun(runId), call);
        if (started is not Accepted { Replayed: false } accepted) return started;
        var run = Run(accepted, runId);
        var task = ExecuteAsync(incident, run, options.Runbooks.Find(run.Runbook)!, incidentId);
        running.TryAdd(task, 0);
        _ = task.ContinueWith(done => running.TryRemove(done, out _), TaskScheduler.Default);
        return started;
    }

    /// <summary>Ends when every run that was started here has its outcome.</summary>
    public async Task SettledAsync()
    {
        while (!running.IsEmpty) await Task.WhenAll(running.Keys);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends what runs; it is recorded as timed out.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await SettledAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    /// <summary>The run as the turn that started it says it: a read after the commit may fail, and what was started must be executed.</summary>
    private static RunbookRun Run(Accepted started, string id) => started.Answer.GetProperty("runs").EnumerateArray()
        .First(run => run.GetProperty("id").GetString() == id)
        .Deserialize(ServerJson.Info<RunbookRun>())!;

    private async Task ExecuteAsync(IIncident incident, RunbookRun run, Runbook runbook, string incidentId)
    {
        using var late = new CancellationTokenSource(runbook.Within, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop.Token);
        var mask = new SecretMask(secret);
        var steps = runbook.StepsWith(run.Values).Select(step => (IReadOnlyList<string>)step);
        var finish = run.DryRun ? DryRun(run, runbook)
            : runbook.Webhook is null ? await CommandRunner.RunAsync(run.Id, runbook, steps, mask, either.Token)
            : await WebhookRunner.RunAsync(http, runbook, run, incidentId, secret, mask, options.Time.GetUtcNow(), either.Token);
        await ReportAsync(incident, finish);
    }

    /// <summary>
    /// Told under one key until it is recorded or refused: what a rollback did is not forgotten because the journal was away when it ended.
    /// A server that stops tells it once more and leaves the run to its clock.
    /// </summary>
    private async Task ReportAsync(IIncident incident, FinishRun finish)
    {
        var call = new Call { At = default, Seed = "", By = Handle.System, Key = $"{finish.RunId}:finish" };
        while (await incident.DoAsync(finish, call) is Unavailable away && !stop.IsCancellationRequested)
            await Task.Delay(away.RetryAfter, options.Time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static FinishRun DryRun(RunbookRun run, Runbook runbook)
    {
        var would = runbook.Webhook is { } webhook
            ? [$"POST {webhook} {string.Join(' ', run.Values.Select(pair => $"{pair.Key}={pair.Value}"))}"]
            : runbook.StepsWith(run.Values).Select(step => CommandRunner.Shown(step));
        return new FinishRun(run.Id, RunStatus.Succeeded, null, string.Concat(would.Select(line => $"would run: {line}\n")));
    }
}
