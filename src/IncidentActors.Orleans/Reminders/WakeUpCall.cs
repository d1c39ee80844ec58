using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Orleans.Reminders;

/// <summary>Sets the reminder when a silo is up. A silo that cannot is none the worse: another has, or will.</summary>
internal sealed partial class WakeUpCall(IGrainFactory grains, ILogger<WakeUpCall> log) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(WakeUpCall), ServiceLifecycleStage.Active + 1, cancel =>
        {
            _ = Task.Run(SetAsync, cancel);
            return Task.CompletedTask;
        });

    private async Task SetAsync()
    {
        try
        {
            await grains.GetGrain<IWakeUpGrain>(0).SetAsync();
        }
        catch (Exception error) when (error is OrleansException or TimeoutException or JournalUnavailableException)
        {
            LogUnset(log, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reminder that wakes dispatchers could not be set: {Sentence}")]
    private static partial void LogUnset(ILogger log, string sentence);
}
