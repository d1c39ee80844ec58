namespace IncidentActors.Core.Incidents;

/// <summary>When something may have begun to break.</summary>
public static class FirstSign
{
    /// <summary>Earlier times are those of clocks that were never set (the years 1 and 1970): averages of detection would be of centuries.</summary>
    public static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
