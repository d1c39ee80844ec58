using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Records;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Permits;

namespace IncidentActors.Server.Halts;

/// <param name="Path">What was rehearsed: <c>journal</c>, <c>permit</c>, <c>hook</c>, <c>admission</c>, <c>node NAME</c>, or an enforcement point.</param>
/// <param name="Stopped">Seen to be stopped; false: not known, and <paramref name="Why"/> says why.</param>
/// <param name="Milliseconds">From when the halt was asked for.</param>
public sealed record RehearsalPath(string Path, bool Stopped, double? Milliseconds, string? Why);

/// <summary>What a rehearsal has shown.</summary>
/// <param name="Passed">The journal, a running permit and every node were seen to stop.</param>
public sealed record RehearsalView(string Nonce, string Canary, string HaltId, DateTimeOffset At, bool Passed, ImmutableArray<RehearsalPath> Paths);

/// <summary>
/// Halts a canary and looks whether it stops, path by path. Nothing is assumed: what cannot be seen from here is not known. Real work is not touched,
/// because the halt covers the canary's handle alone.
/// </summary>
internal sealed class Rehearsal(RunningEngine engine)
{
    private static readonly TimeSpan PathTimeout = TimeSpan.FromSeconds(10);

    private readonly List<RehearsalPath> paths = [];

    public static string NewNonce() => RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>The last one that passed; null if none has.</summary>
    public static async Task<RehearsalView?> LastAsync(IRecords records, CancellationToken cancel) =>
        await records.FindAsync(RecordKinds.Rehearsal, RecordKinds.Rehearsal, cancel) is { } stored
            ? JsonSerializer.Deserialize(stored.Document.Span, ServerJson.Info<RehearsalView>())
            : null;

    public async Task<Outcome> RunAsync(string nonce, string canary, Call call)
    {
        var canaryCall = new Call { At = default, Seed = "", By = canary, Roles = [], Session = nonce };
        var granted = await engine.Permits.RequestAsync(new RequestPermit("rehearsal", nonce, Path: "rehearsal"), canaryCall);
        var permit = granted is Accepted accepted ? accepted.Answer.GetProperty("id").GetString() : null;
        using var late = new CancellationTokenSource(PathTimeout);
        var watched = permit is null ? null : engine.PermitWatch.WaitAsync(permit, PathTimeout, late.Token);
        var halt = engine.Actors.Halt(HaltDecider.IdFrom(call with { Seed = engine.Options.Seeds() }));
        var began = Stopwatch.GetTimestamp();
        var scope = new HaltScope(HaltScopeKind.Agent, canary);
        var raised = await halt.DoAsync(new RaiseHalt(scope, $"Rehearsal {nonce}: only {canary} is halted"), call with { Key = null });
        if (raised is not Accepted { Answer: var answer }) return raised;
        try
        {
            await CommandAsync(nonce, canaryCall, began);
            await PermitAsync(watched, granted, began);
            await EnforcementAsync(canaryCall, began);
            await NodesAsync(halt, began);
            await OthersAsync();
        }
        finally
        {
            if (permit is not null) await engine.Permits.DoAsync(permit, new EndPermit(PermitOutcome.Done, "rehearsal"), canaryCall);
            await halt.DoAsync(new LiftHalt(Notes: "The rehearsal is over."), call with { Key = null });
        }

        var passed = paths.Where(path => path.Path is "journal" or "permit" || path.Path.StartsWith("node ", StringComparison.Ordinal))
            .All(path => path.Stopped);
        var view = new RehearsalView(nonce, canary, answer.GetProperty("id").GetString()!, engine.Options.Time.GetUtcNow(), passed, [.. paths]);
        if (passed) await KeepAsync(view);
        return new Accepted(ServerJson.Element(view), 0);
    }

    private async Task CommandAsync(string nonce, Call canary, long began)
    {
        var outcome = await engine.Actors.Atp($"AT-REHEARSAL-{nonce}").DoAsync(new CreateAtp($"Rehearsal {nonce}", Flow: "standard"), canary);
        Add("journal", outcome is Rejected { Kind: RejectionKind.Halted }, began, "A command of the canary was not refused.");
    }

    private async Task PermitAsync(Task<PermitView?>? watched, Outcome granted, long began)
    {
        var ended = watched is null ? null : await watched;
        Add("permit", ended?.Status == "halted", began, granted is Rejected refused ? refused.Sentence : "The permit's end was not heard of.");
    }

    /// <summary>The enforcement points that are in this server.</summary>
    private async Task EnforcementAsync(Call canary, long began)
    {
        var (blocked, _) = await new AgentHook(engine, canary).AnswerAsync(
            new HookCall(HookKind.Before, "PreToolUse", canary.Session, "Bash", "git push", $"rehearsal-{canary.Session}"));
        Add("hook", blocked is not null, began, "The hook let a tool pass.");
        var (refused, _) = await new Admission(engine, canary).JudgeAsync(
            new AdmissionRequest(canary.Session, "CREATE", "deploy", "Deployment", "rehearsal", "rehearsal", "rehearsal", [], null, canary.By, DryRun: true),
            CancellationToken.None);
        Add("admission", refused is not null, began, "The admission webhook let a deployment pass.");
    }

    private async Task NodesAsync(IHalt halt, long began)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        HaltView? view;
        do view = await halt.GetAsync();
        while (view?.Nodes.All(node => node.Confirmed) != true && Stopwatch.GetElapsedTime(began) < PathTimeout && await look.WaitForNextTickAsync());
        foreach (var node in view?.Nodes ?? [])
        {
            var time = node is { Confirmed: true, At: { } at } ? Math.Max(0, (at - view!.RaisedAt).TotalMilliseconds) : (double?)null;
            paths.Add(new RehearsalPath($"node {node.Node}", node.Confirmed, time, node.Confirmed ? null : "It has not confirmed the halt."));
        }
    }

    /// <summary>Enforcement points elsewhere that agents use.</summary>
    private async Task OthersAsync()
    {
        var agents = await engine.Journal.ListAsync(new ActorFilter(ActorKind.Agent) { Limit = 1000 }, CancellationToken.None);
        var known = agents.Actors.SelectMany(stored => stored.State<AgentState>().Guards)
            .Distinct().Except(["rehearsal", "hook", "admission"]).Order(StringComparer.Ordinal);
        foreach (var path in known) paths.Add(new RehearsalPath(path, false, null, "It is on another machine; rehearse it there."));
    }

    private void Add(string path, bool stopped, long began, string why) =>
        paths.Add(new RehearsalPath(path, stopped, stopped ? Math.Round(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 1) : null, stopped ? null : why));

    private async Task KeepAsync(RehearsalView view)
    {
        var known = await engine.Records.FindAsync(RecordKinds.Rehearsal, RecordKinds.Rehearsal, CancellationToken.None);
        var document = JsonSerializer.SerializeToUtf8Bytes(view, ServerJson.Info<RehearsalView>());
        await engine.Records.WriteAsync([new RecordWrite(RecordKinds.Rehearsal, RecordKinds.Rehearsal, known?.Version ?? 0, document)], CancellationToken.None);
    }
}
