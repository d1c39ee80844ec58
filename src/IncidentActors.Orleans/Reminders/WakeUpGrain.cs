using IncidentActors.Engine;

namespace IncidentActors.Orleans.Reminders;

/// <summary>Clocks stand in the journal and every dispatcher looks for them; the reminder is for the case that all of them slept.</summary>
[GrainType("wake-up")]
internal sealed class WakeUpGrain(IGrainContext context, EmbeddedEngine engine) : IWakeUpGrain, IRemindable, IGrainBase
{
    private const string Name = "look";
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    public IGrainContext GrainContext => context;

    public Task SetAsync() => this.RegisterOrUpdateReminder(Name, Every, Every);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        engine.Wake();
        return Task.CompletedTask;
    }
}
