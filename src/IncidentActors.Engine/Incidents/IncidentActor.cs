using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Incidents;

/// <summary>One incident's turns.</summary>
public class IncidentActor(string id, Turns.Turns turns) : IIncident
{
    private const string DeclareIdentity = "declare";

    private readonly ActorId self = ActorId.Incident(id);

    public async Task<Outcome> DoAsync(IncidentCommand command, Call call) => (await TakeAsync(command, call)).Outcome;

    public async Task<IncidentView?> GetAsync()
    {
        var known = await turns.ReadAsync(self, CancellationToken.None);
        return known.State is IncidentState state ? IncidentView.Of(state, known.Version) : null;
    }

    internal Task<TurnResult> TakeAsync(IncidentCommand command, Call call) => turns.TakeAsync(Request(command, call));

    /// <summary>Joins a declaration's alerts to this incident; the answer is the one to the declaration, with <c>created</c> false.</summary>
    internal Task<TurnResult> JoinAsync(DeclareIncident declare, JoinAlerts join, Call call) => turns.TakeAsync(Request(join, call) with
    {
        Asked = declare,
        Answer = (state, version, _) => IncidentView.Of((IncidentState)state!, version) with { Created = false },
        Identity = DeclareIdentity,
    });

    internal TurnRequest Request(IncidentCommand command, Call call) => new(self, command, call)
    {
        Decide = (state, world) => IncidentDecider.Decide(id, (IncidentState?)state, command, world),
        SubjectOf = (state, world, decision) => Subjects.Of(state, world, decision, command, id),
        Answer = (state, version, decision) => Answers.Of(state, version, decision, turns.Options),
        Identity = command is DeclareIncident ? DeclareIdentity : self.ToString(),
    };
}
