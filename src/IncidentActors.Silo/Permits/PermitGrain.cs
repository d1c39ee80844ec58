using IncidentActors.Core.Decisions;
using IncidentActors.Core.Permits;
using IncidentActors.Engine.Permits;
using IncidentActors.Engine.Turns;
using Orleans.Concurrency;

namespace IncidentActors.Silo.Permits;

/// <summary>Holds nothing: the silo that is asked decides, as <see cref="PermitBook"/> says.</summary>
[GrainType("permit")]
[StatelessWorker]
[Reentrant]
internal sealed class PermitGrain(IGrainContext context, TurnExecutor turns) : IPermitGrain, IGrainBase
{
    private readonly PermitBook permits = new(turns);

    public IGrainContext GrainContext => context;

    private string Id => context.GrainId.Key.ToString()!;

    public Task<Outcome> DoAsync(PermitCommand command, Call call) => permits.DoAsync(Id, command, call);

    public Task<PermitView?> GetAsync() => permits.GetAsync(Id, CancellationToken.None);
}
