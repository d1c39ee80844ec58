namespace IncidentActors.Server.Hosting;

/// <summary>The server cannot start: a sentence for the user, and the exit code.</summary>
public sealed class StartFailure(ExitCode code, string sentence) : Exception(sentence)
{
    public ExitCode Code => code;
}

public enum ExitCode
{
    Stopped = 0,
    Failed = 1,

    /// <summary>An argument is unknown, missing or malformed.</summary>
    Arguments = 2,

    /// <summary>The port is taken, or the address is not this machine's.</summary>
    Address = 3,

    /// <summary>The journal is locked by another process, cannot be reached, or was written by a newer version.</summary>
    Journal = 4,

    /// <summary>A configuration file, a certificate or a key is missing or broken.</summary>
    Files = 5,

    /// <summary>The other silos have taken this one for dead and out of their cluster; started again, it joins as a new one.</summary>
    Expelled = 6,
}
