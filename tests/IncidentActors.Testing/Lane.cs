namespace IncidentActors.Testing;

/// <summary>Which tests run: all of them, or with <c>TEST_LANE=fast</c> only those that start no process.</summary>
public static class Lane
{
    private static bool IsFast { get; } = Environment.GetEnvironmentVariable("TEST_LANE") == "fast";

    /// <summary>Called where a test starts a process.</summary>
    /// <exception cref="InvalidOperationException">This is the fast lane.</exception>
    public static void StartsProcess()
    {
        if (IsFast) throw new InvalidOperationException("A test of the fast lane starts a process: mark it with [Slow].");
    }

    /// <summary>Why a test cannot run, or null. Not asked in the fast lane, which leaves the test out, nor where <c>CI=true</c>, where it must run.</summary>
    public static string? Skip(Func<string?> missing) =>
        IsFast || Environment.GetEnvironmentVariable("CI") == "true" ? null : missing();
}
