using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Alerts;

/// <summary>A test with a real Alertmanager.</summary>
public sealed class AlertmanagerFactAttribute() : SlowFactAttribute(
    () => File.Exists(AlertmanagerProcess.Program) ? null : $"{AlertmanagerProcess.Program} is missing: apt-get install prometheus-alertmanager");
