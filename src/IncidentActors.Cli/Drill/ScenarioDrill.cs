using System.Collections.Immutable;
using System.Diagnostics;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Cli.Drill;

/// <summary>Plays a scenario against a server and checks what the server tells afterwards.</summary>
internal static class ScenarioDrill
{
    public static async Task<DrillResult> RunAsync(
        DrillScenario scenario, Uri server, HttpMessageHandler http, DrillProgress progress, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var clients = new List<ServerClient>();
        using var stage = new DrillStage(
            handle =>
            {
                var client = new ServerClient(new ServerAddress(server, handle, null, null), http, Task.Delay, _ => { }) { AwaitsServer = true, Attempts = 60 };
                lock (clients) clients.Add(client);
                return client;
            },
            progress.Tally);
        try
        {
            progress.Say(scenario.Title);
            await stage.BeginAsync(scenario.Declare, cancel);
            foreach (var call in scenario.Calls) await stage.PlayAsync(call, cancel);
            var outcome = await OutcomeAsync(stage, cancel);
            var first = outcome.Atps.First(atp => atp.Id == stage.Atp);
            var found = $"{outcome.Incident.Id} is {outcome.Incident.Status.Name()}";
            return new DrillResult(
                scenario.Name, stage.Incident, stage.Atp, first.Status, [.. outcome.Atps.Select(atp => atp.Id).Where(id => id != stage.Atp)],
                outcome.Halts.FirstOrDefault()?.Id, progress.Tally.Committed, progress.Tally.Refusals, watch.Elapsed, [],
                [.. scenario.Checks.Select(check => new DrillCheck(check.Name, check.Holds(outcome), found))]);
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    private static async Task<DrillOutcome> OutcomeAsync(DrillStage stage, CancellationToken cancel)
    {
        var incident = await stage.IncidentAsync(cancel);
        var atps = ImmutableArray.CreateBuilder<AtpView>();
        foreach (var id in incident.Atps) atps.Add(await stage.AtpAsync(id, cancel));
        var halts = ImmutableArray.CreateBuilder<HaltView>();
        foreach (var id in incident.Halts) halts.Add((await stage.ReadAsync($"/api/halts/{id}", cancel)).Read<HaltView>());
        var inboxes = ImmutableArray.CreateBuilder<MessageView>();
        foreach (var reader in DrillScenario.Readers)
            inboxes.AddRange((await stage.InboxAsync(reader, cancel)).Where(message => message.IncidentId == incident.Id));
        return new DrillOutcome(incident, atps.ToImmutable(), halts.ToImmutable(), inboxes.ToImmutable());
    }
}
