using System.Globalization;

namespace IncidentActors.Server.Probes;

/// <summary>What a look at a site leads to.</summary>
internal enum SiteNews
{
    None,

    /// <summary>It has failed often enough in a row: declare.</summary>
    Down,

    /// <summary>It was down and answers again.</summary>
    Up,
}

/// <summary>The health of a site over several probes: a single failure is ignored, several in a row are an outage.</summary>
/// <param name="failures">Failures in a row that make an outage.</param>
internal sealed class SiteHealth(int failures)
{
    private int inARow;

    public bool IsDown { get; private set; }

    /// <summary>It is known how the site was before (<see cref="Begin"/>).</summary>
    public bool HasBegun { get; private set; }

    /// <summary>What the probe saw last that was wrong: <c>503</c>, <c>timeout</c> or <c>unreachable</c>; the value of the label <c>probe</c>.</summary>
    public string? Wrong { get; private set; }

    /// <param name="wrong">What was wrong; null if the site answered.</param>
    public SiteNews Seen(string? wrong)
    {
        if (wrong is null)
        {
            inARow = 0;
            if (!IsDown) return SiteNews.None;
            IsDown = false;
            return SiteNews.Up;
        }

        Wrong = wrong;
        if (++inARow < failures || IsDown) return SiteNews.None;
        IsDown = true;
        return SiteNews.Down;
    }

    /// <summary>The change could not be recorded: reverts it, so that the next probe reports it again.</summary>
    public void RevertChange(SiteNews news) => IsDown = news == SiteNews.Up;

    /// <summary>What is known of the site from before this process began to look.</summary>
    public void Begin(bool down)
    {
        IsDown = down;
        HasBegun = true;
    }

    /// <summary>5xx says that the site is down (seed 003); anything else that is an answer says that it is not.</summary>
    public static string? WrongWith(int status) => status >= 500 ? status.ToString(CultureInfo.InvariantCulture) : null;
}
