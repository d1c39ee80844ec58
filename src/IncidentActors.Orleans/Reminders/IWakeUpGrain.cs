namespace IncidentActors.Orleans.Reminders;

/// <summary>Looks for due effects when a reminder says so. One in the cluster: key 0.</summary>
[Alias("incident-actors.wake-up")]
internal interface IWakeUpGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that the reminder is there.</summary>
    [Alias("set")]
    Task SetAsync();
}
