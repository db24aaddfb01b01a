# cmake --install puts everything in place: programs, units, the settings to start from, user and folders.
include(GNUInstallDirs)
set(BINDIR ${CMAKE_INSTALL_FULL_BINDIR})
foreach(unit sluice.service sluice@.service sluice-drain.service sluice-drain.timer)
  configure_file(${CMAKE_SOURCE_DIR}/systemd/${unit} ${CMAKE_BINARY_DIR}/systemd/${unit} @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/systemd/${unit} DESTINATION lib/systemd/system)
endforeach()
install(FILES systemd/sluice.sysusers RENAME sluice.conf DESTINATION lib/sysusers.d)
install(FILES systemd/sluice.tmpfiles RENAME sluice.conf DESTINATION lib/tmpfiles.d)
install(TARGETS sluice sluice-sandbox DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES README.md LICENSE config/REFERENCE.md config/REFERENCE.zh-CN.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
# Somebody's settings are never overwritten.
install(CODE "
  set(target \"\$ENV{DESTDIR}/etc/sluice/sluice.yaml\")
  if(NOT EXISTS \"\${target}\")
    file(INSTALL DESTINATION \"/etc/sluice\" TYPE FILE FILES \"${CMAKE_SOURCE_DIR}/config/sluice.yaml\")
  else()
    message(STATUS \"Kept: \${target}\")
  endif()")
