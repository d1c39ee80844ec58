using System.Diagnostics;
using System.Globalization;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Halts;

namespace IncidentActors.Cli.Drill;

/// <param name="Bystanders">Agents with ordinary work, besides @dev, who has some of it too.</param>
/// <param name="Between">Pause before the alarm and between two rows, for those who watch.</param>
internal sealed record DrillSettings(int Bystanders, TimeSpan Between);

/// <summary>
/// Plays a script against a server: ordinary work begins, the script starts and takes its rows one by one while halted agents
/// retry their commands, @operator lifts the halt, ordinary work resumes; then everything is checked by the answers of the server.
/// </summary>
internal sealed class FireDrill(DrillScript script, DrillSettings settings, Uri server, HttpMessageHandler http, DrillProgress progress) : IDisposable
{
    private const int PiecesEach = 2;

    /// <summary>Ends the feed that is followed: said when all is done.</summary>
    private const string Over = "The drill is over.";

    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly DateTimeOffset begun = DateTimeOffset.UtcNow;
    private readonly List<ServerClient> clients = [];
    private DrillStage? stage;
    private readonly List<Task> working = [];
    private DrillFeed? feed;
    private GuardedAction? guarded;

    /// <summary>The events of the drill's server, followed live as @operator.</summary>
    public DrillFeed Feed => feed ??= new DrillFeed(Connect(Handle.Operator), Task.Delay);

    public async Task<DrillResult> RunAsync(CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var enough = new CancellationTokenSource();
        stage = new DrillStage(Connect, progress.Tally);
        var following = Feed.FollowAsync(ending.Token);
        try
        {
            var bystanders = await OrdinaryWorkAsync(enough.Token, cancel);
            if (settings.Between > TimeSpan.Zero) await Task.Delay(settings.Between, cancel);
            progress.Say($"the alarm: {script.Flow.Title}");
            await stage.BeginAsync(script.Start, cancel);
            if (script.Halts) await HaltedAsync(bystanders, cancel);
            foreach (var row in script.Rows) await RowAsync(row, bystanders, cancel);
            await TellFollowUpsAsync(cancel);
            await enough.CancelAsync();
            await Task.WhenAll(working);
            await ResumeAsync(bystanders, cancel);
            await stage.PlayAsync(new DrillCall(Handle.Operator, $"/api/incidents/{stage.Incident}/note", JsonParts.Body(("text", Over))), cancel);
            await Feed.SeenAsync(one => one.Is("incident.noted") && one.Data.Text("text") == Over, cancel);
            progress.Say("checking what the server tells");
            var result = await DrillChecks.MakeAsync(script, stage, bystanders, guarded, Feed.Events, progress, watch.Elapsed, cancel);
            progress.Say("the drill is over");
            return result;
        }
        finally
        {
            await ending.CancelAsync();
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<IdleAgent>> OrdinaryWorkAsync(CancellationToken enough, CancellationToken cancel)
    {
        var bystanders = Enumerable.Range(1, settings.Bystanders)
            .Select(number => new IdleAgent(stage!.Agent(string.Create(CultureInfo.InvariantCulture, $"@agent-{number:D2}")), PiecesEach, progress.Tally))
            .ToList();
        if (script.Halts) bystanders.Add(new IdleAgent(stage!.Agent("@dev"), 1, progress.Tally));
        progress.Bystanders = bystanders.Count;
        progress.Say($"{bystanders.Count} agents take up ordinary work");
        if (script.Halts && !OperatingSystem.IsWindows())
        {
            guarded = await GuardedAction.StartAsync(server, cancel);
            progress.Say($"{GuardedAction.Holder} runs a long command under incident guard");
        }

        working.AddRange(bystanders.Select(bystander => bystander.WorkAsync(enough, cancel)));
        await Task.WhenAll(bystanders.Select(bystander => bystander.Busy));
        return bystanders;
    }

    private async Task HaltedAsync(List<IdleAgent> bystanders, CancellationToken cancel)
    {
        if (stage!.Halt is not { } halt) throw new DrillFailedException($"{stage.Incident} was declared without a halt.");
        progress.Halt = $"{halt} raised";
        foreach (var bystander in bystanders)
        {
            await bystander.Halted;
            progress.Stopped++;
        }

        var view = (await stage.ReadAsync($"/api/halts/{halt}", cancel)).Read<HaltView>();
        progress.Halt = $"{halt} raised, fenced; {progress.Stopped} agents stopped, {view.AgentsConfirmed} of {view.AgentsCovered} confirmed";
        progress.Say($"everything else is halted by {halt}: {progress.Stopped} agents stopped");
        if (guarded is null) return;
        await guarded.StopsAsync(cancel);
        progress.Say($"the guarded command of {GuardedAction.Holder} {(guarded.ExitCode is null ? "still runs" : "was stopped")}");
    }

    private async Task RowAsync(DrillRow row, List<IdleAgent> bystanders, CancellationToken cancel)
    {
        if (settings.Between > TimeSpan.Zero) await Task.Delay(settings.Between, cancel);
        var before = row.Calls.IsEmpty ? 0 : (await stage!.AtpAsync(stage.Atp, cancel)).History.Length;
        foreach (var call in row.Calls) await stage!.PlayAsync(call, cancel);
        var atp = await stage!.AtpAsync(stage.Atp, cancel);
        var entry = atp.History.Skip(Math.Max(0, Math.Min(before, atp.History.Length - 1))).FirstOrDefault(entry => entry.Row == row.Row.Number)
            ?? atp.History.LastOrDefault(entry => entry.Row == row.Row.Number)
            ?? throw new DrillFailedException($"Row {row.Row.Number} ({row.Row.From} → {row.Row.To}) was not taken; {atp.Id} is {atp.Status}.");
        progress.Take(new RowTaken(row.Row, entry.By, entry.At, entry.At - begun));
        if (script.Halts && await HaltHoldsAsync(cancel)) await Task.WhenAll(bystanders.Select(bystander => bystander.ResendRefusedStepAsync(cancel)));
    }

    private async Task<bool> HaltHoldsAsync(CancellationToken cancel) =>
        stage!.Halt is { } halt && (await stage.ReadAsync($"/api/halts/{halt}", cancel)).Read<HaltView>().LiftedAt is null;

    private async Task TellFollowUpsAsync(CancellationToken cancel)
    {
        var atp = await stage!.AtpAsync(stage.Atp, cancel);
        foreach (var row in script.FollowUps)
        {
            var entry = atp.History.LastOrDefault(entry => entry.Row == row.Number)
                ?? throw new DrillFailedException(
                    $"Row {row.Number} ({row.Trigger}) is an obligation of closing, but {atp.Id} has created no follow-up for it.");
            progress.Take(new RowTaken(row, entry.By, entry.At, entry.At - begun));
        }
    }

    private async Task ResumeAsync(List<IdleAgent> bystanders, CancellationToken cancel)
    {
        if (!script.Halts)
        {
            await Task.WhenAll(bystanders.Select(bystander => bystander.CompleteAsync(cancel)));
            return;
        }

        if (settings.Between > TimeSpan.Zero) await Task.Delay(settings.Between, cancel);
        if (await HaltHoldsAsync(cancel))
            throw new DrillFailedException($"{stage!.Incident} is over and {stage.Halt} still halts: a halt ends with its incident.");
        progress.Halt = $"{stage!.Halt} lifted with {stage.Incident}";
        progress.Say($"{stage.Halt} ended with {stage.Incident}; set-aside work is taken up again");
        await Task.WhenAll(bystanders.Select(bystander => bystander.ResumeAsync(cancel)));
    }

    /// <summary>A connection that outlives a restart of the server.</summary>
    private ServerClient Connect(string handle)
    {
        var client = new ServerClient(new ServerAddress(server, handle, null, null), http, Task.Delay, _ => { })
        {
            AwaitsServer = true, Attempts = 60, MaxPause = TimeSpan.FromMilliseconds(500),
        };
        lock (clients) clients.Add(client);
        return client;
    }

    public void Dispose()
    {
        guarded?.Dispose();
        foreach (var client in clients) client.Dispose();
    }
}
