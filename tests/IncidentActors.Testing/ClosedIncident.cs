using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncidentActors.Testing;

/// <summary>The incident of <see cref="WorkedJournal"/> to its end: it is over, and owes nothing.</summary>
public static class ClosedIncident
{
    /// <returns>The incident's id.</returns>
    public static async Task<string> FillAsync(IStore journal, EngineOptions options)
    {
        var incident = await WorkedJournal.FillAsync(journal, options);
        await CloseAsync(journal, options, incident);
        return incident;
    }

    public static async Task CloseAsync(IStore journal, EngineOptions options, string incident)
    {
        await using var actors = new InProcessActors(journal, options, NullLogger.Instance);
        await actors.Turns.RefreshHaltsAsync(CancellationToken.None);
        await OkAsync(actors.Incident(incident).DoAsync(new CancelIncident("a false alarm"), By("@operator")));
        foreach (var stored in (await journal.ListAsync(new ActorFilter(ActorKind.Atp) { Incident = incident, Limit = 100 }, default)).Actors)
        {
            var atp = stored.State<AtpState>();
            foreach (var (number, message) in atp.OpenMessages)
                await OkAsync(actors.Atp(atp.Id).DoAsync(new AcknowledgeMessage(number, "seen"), By(message.To)));
        }
    }

    public static Call By(string handle) => new() { At = default, Seed = "", By = handle };

    private static async Task OkAsync(Task<Outcome> command)
    {
        if (await command is not Accepted) throw new InvalidOperationException($"refused: {command.Result}");
    }
}
