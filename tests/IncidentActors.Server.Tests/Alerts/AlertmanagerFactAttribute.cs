namespace IncidentActors.Server.Tests.Alerts;

/// <summary>A test with a real Alertmanager: skipped with the reason where it is not installed, a failure where <c>CI=true</c>.</summary>
public sealed class AlertmanagerFactAttribute : FactAttribute
{
    public AlertmanagerFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true" && !File.Exists(AlertmanagerProcess.Program))
            Skip = $"{AlertmanagerProcess.Program} is missing: apt-get install prometheus-alertmanager";
    }
}
