using IncidentActors.Testing;

namespace IncidentActors.Server.Tests;

/// <summary>A test on a real PostgreSQL.</summary>
public sealed class PostgresFactAttribute() : SlowFactAttribute(() => PostgresServer.Missing);

/// <inheritdoc cref="PostgresFactAttribute"/>
public sealed class PostgresTheoryAttribute() : SlowTheoryAttribute(() => PostgresServer.Missing);
