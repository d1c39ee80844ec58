using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Testing;

/// <summary>The clock of tests: it stands until the test moves it, and so do the timers that were made with it.</summary>
public static class TestClock
{
    /// <summary>A new clock at a fixed time, which golden files show.</summary>
    public static FakeTimeProvider Start() => new(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero));
}
